import { noteOf, type RunEvent } from "@leadmetrics/web";

export interface RunStep {
  key: string;
  kind: "tool" | "note" | "attempt";
  text: string;
  at: string | undefined;
}

/** A run's events without the text, in order; a new attempt is a step of its own. */
export function stepsOf(events: readonly RunEvent[]): RunStep[] {
  const steps: RunStep[] = [];
  let attempt = 0;
  for (const event of events) {
    const key = String(event.sequence);
    if (event.attempt > attempt && attempt > 0)
      steps.push({
        key: `${key}:attempt`,
        kind: "attempt",
        text: `Attempt ${event.attempt}`,
        at: event.occurredOn,
      });
    attempt = Math.max(attempt, event.attempt);
    if (event.toolCall)
      steps.push({ key: `${key}:tool`, kind: "tool", text: event.toolCall, at: event.occurredOn });
    const note = noteOf(event);
    if (note) steps.push({ key: `${key}:note`, kind: "note", text: note, at: event.occurredOn });
  }
  return steps;
}
