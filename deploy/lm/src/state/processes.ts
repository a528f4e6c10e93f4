import { z } from "zod";
import type { ProcessAddress } from "../target.ts";

/** Whether a process is ready, and if not why. */
export interface ProcessState {
  readonly name: string;
  readonly state: "ready" | "not ready" | "doesn't answer";
  /** Which build it is; undefined when it doesn't answer. */
  readonly version: string | undefined;
  /** Checks that failed. */
  readonly failing: readonly string[];
}

/** Milliseconds a process has to answer. */
const ANSWER_MS = 3_000;

const answer = z.object({
  version: z.string().optional(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean() })).default([]),
});

/** Asks a process whether it is ready. */
export async function processState({ name, readyUrl }: ProcessAddress): Promise<ProcessState> {
  try {
    const response = await fetch(readyUrl, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { version, checks } = answer.catch({ version: undefined, checks: [] }).parse(await response.json());
    const failing = checks.filter(({ ok }) => !ok).map((check) => check.name);
    return { name, state: response.status === 200 ? "ready" : "not ready", version, failing };
  } catch {
    return { name, state: "doesn't answer", version: undefined, failing: [] };
  }
}
