/** Who owes the next move on an item. */
export interface OwedBy {
  party: "agent" | "reviewer" | "client" | "channel" | "nobody" | "none";
  /** ISO time since when. */
  since?: string;
  /** ISO time by which it was promised. */
  due?: string;
  state?: string;
}

const names: Record<Exclude<OwedBy["party"], "none">, string> = {
  agent: "Agent",
  reviewer: "DM team",
  client: "Client",
  channel: "Channel",
  nobody: "Nobody",
};

const verbs: Record<string, string> = {
  queued: "to start",
  working: "to finish",
  planned: "to start",
  dm_review: "to review",
  client_review: "to approve",
  changes_requested: "to revise",
  approved: "to publish",
  scheduled: "to publish",
  publishing: "to confirm",
  unconfirmed: "to confirm",
  publish_failed: "to fix",
  failed: "to fix",
  on_hold: "to resume",
};

/** "Client to approve · 2 d", and whether it is past its promise. Final states owe nothing: empty text. */
export function owesSentence(owed: OwedBy, now: number): { text: string; late: boolean } {
  if (owed.party === "none") return { text: "", late: false };
  const verb = verbs[owed.state ?? ""] ?? "to act";
  const waited = owed.since ? ` · ${age(now - Date.parse(owed.since))}` : "";
  const late = owed.due !== undefined && Date.parse(owed.due) < now;
  return { text: `${names[owed.party]} ${verb}${waited}`, late };
}

/** A length of time in its largest whole unit: "now", "5 min", "3 h", "2 d", "6 w". `ms` below a minute is "now". */
export function age(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (!Number.isFinite(minutes) || minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h`;
  const days = Math.floor(hours / 24);
  return days < 21 ? `${days} d` : `${Math.floor(days / 7)} w`;
}
