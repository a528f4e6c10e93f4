import { type Setup, type Setups, setupAt, setupName } from "../settings/setup.ts";

/** Why another model has the run: "Claude (Anthropic), claude-sonnet-5-5: The account has no credit left." */
export const reasonOf = (setup: Setup, problem: string): string => `${setupName(setup)}: ${problem}`;

/** What the run says when its next model takes over. */
export const fallbackNote = (setups: Setups, rank: number, problem: string): string =>
  `${reasonOf(setupAt(setups, rank), problem)} Going on with ${setupName(setupAt(setups, rank + 1))}.`;
