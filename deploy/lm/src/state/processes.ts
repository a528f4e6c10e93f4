import type { ProcessAddress } from "../target.ts";

/** Whether a process is ready, and if not why. */
export interface ProcessState {
  readonly name: string;
  readonly state: "ready" | "not ready" | "doesn't answer";
  /** Checks that failed. */
  readonly failing: readonly string[];
}

/** Milliseconds a process has to answer. */
const ANSWER_MS = 3_000;

interface ReadyAnswer {
  checks?: { name: string; ok: boolean }[];
}

/** Asks a process whether it is ready. */
export async function processState({ name, readyUrl, anyAnswer }: ProcessAddress): Promise<ProcessState> {
  try {
    const response = await fetch(readyUrl, { redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) });
    const text = await response.text();
    if (response.status === 200 || (anyAnswer && response.status < 500))
      return { name, state: "ready", failing: [] };
    return { name, state: "not ready", failing: failing(text) };
  } catch {
    return { name, state: "doesn't answer", failing: [] };
  }
}

function failing(text: string): string[] {
  try {
    const { checks = [] } = JSON.parse(text) as ReadyAnswer;
    return checks.filter(({ ok }) => !ok).map((check) => check.name);
  } catch {
    return [];
  }
}
