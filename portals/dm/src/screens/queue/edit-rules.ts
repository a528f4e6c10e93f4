import type { Activity, DraftEdit, Revision } from "@leadmetrics/web";

/** An edit as it is kept: on the server, and on this machine for when the server can't be reached. */
export type KeptEdit = Pick<DraftEdit, "title" | "body" | "baseContentHash"> & { savedOn: string };

export interface Start {
  title: string;
  body: string;
  /** The text the edit began from. */
  base: string;
  /** When it was kept, for an edit that is taken up again. */
  keptOn: string | undefined;
}

/** Where to begin: with the edit kept last, wherever that was, else with the draft itself. */
export function startOf(
  revision: Pick<Revision, "title" | "body" | "contentHash">,
  server: KeptEdit | undefined,
  local: KeptEdit | undefined,
): Start {
  const kept = [server, local]
    .filter((one) => one !== undefined)
    .filter((one) => one.title !== revision.title || one.body !== revision.body)
    .sort((a, b) => Date.parse(b.savedOn) - Date.parse(a.savedOn))[0];
  return kept
    ? { title: kept.title, body: kept.body, base: kept.baseContentHash, keptOn: kept.savedOn }
    : { title: revision.title, body: revision.body, base: revision.contentHash, keptOn: undefined };
}

/** How a draft stands against the text an edit began from. */
export type Standing = "same" | "changed" | "gone";

/** `changed`: somebody put another text in its place. `gone`: it doesn't wait for review any more. */
export function standingOf(
  now: Pick<Activity, "status" | "contentHash"> | undefined,
  base: string,
): Standing {
  if (!now) return "same";
  if (now.status !== "dm_review") return "gone";
  return now.contentHash === base ? "same" : "changed";
}

export const localKey = (activityRef: string): string => `lm:dm:edit:${activityRef}`;

/** What is kept on this machine; whatever isn't an edit counts as none. */
export function readLocal(text: string | null): KeptEdit | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    if (typeof value !== "object" || value === null) return undefined;
    const { title, body, baseContentHash, savedOn } = value as Record<string, unknown>;
    return typeof title === "string" &&
      typeof body === "string" &&
      typeof baseContentHash === "string" &&
      typeof savedOn === "string"
      ? { title, body, baseContentHash, savedOn }
      : undefined;
  } catch {
    return undefined;
  }
}
