import type { Activity, Revision } from "@leadmetrics/web";

/** Words an item of each kind usually has: how long the reading takes is told before anything is opened. */
const USUAL_WORDS: Record<Activity["contentType"], number> = { blog_post: 900, social_post: 60 };

export const usualWords = (items: readonly Activity[]): number =>
  items.reduce((sum, one) => sum + USUAL_WORDS[one.contentType], 0);

/** Items of one plan that wait together. */
export interface Bundle {
  readonly planRef: string;
  readonly items: readonly Activity[];
}

/** Items by their plan, in the order in which the first of each waits. */
export function bundlesOf(items: readonly Activity[]): readonly Bundle[] {
  return [...Map.groupBy(items, (one) => one.planRef)].map(([planRef, own]) => ({ planRef, items: own }));
}

/** Items as the inbox shows them, plan by plan: what is next in sight is next by keys. */
export const inOrder = (items: readonly Activity[]): readonly Activity[] =>
  bundlesOf(items).flatMap((bundle) => bundle.items);

/** What the present text is best held against: what I read last, else the version before. */
export function comparedWith(
  revisions: readonly Revision[],
  present: Revision,
  lastSeenRef: string | undefined,
): Revision | undefined {
  return (
    revisions.find((one) => one.ref === lastSeenRef && one.ref !== present.ref) ??
    revisions.find((one) => one.number < present.number)
  );
}

/** How far a finger must have gone sideways to turn the page, pixels, and how much straighter than up or down. */
const TURN_PX = 64;
const STRAIGHTER = 1.8;

/** Where a swipe leads: 1 to the next, -1 to the one before, 0 nowhere. */
export function turnOf(dx: number, dy: number): -1 | 0 | 1 {
  if (Math.abs(dx) < TURN_PX || Math.abs(dx) < STRAIGHTER * Math.abs(dy)) return 0;
  return dx < 0 ? 1 : -1;
}

/** The tab that shows an item as it will look on a channel. */
export const previewTab = (channelRef: string): string => `preview-${channelRef}`;

/** What was decided, in the words of the message that offers to take it back. */
export function decisionText(title: string, { verdict }: { verdict: "all" | "some" | "none" }): string {
  if (verdict === "none") return `Rejected “${title}” for every channel`;
  return verdict === "some" ? `Approved “${title}” for some channels` : `Approved “${title}”`;
}
