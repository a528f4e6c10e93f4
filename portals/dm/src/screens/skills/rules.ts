import type { Run } from "@leadmetrics/web";

/** What a role has worked on, each once, the last first. */
export function workedOn(
  runs: readonly Pick<Run, "activityRef" | "title">[],
): { ref: string; title: string }[] {
  const seen = new Map<string, string>();
  for (const { activityRef, title } of runs)
    if (activityRef && !seen.has(activityRef)) seen.set(activityRef, title);
  return [...seen].map(([ref, title]) => ({ ref, title: title || "Untitled" }));
}
