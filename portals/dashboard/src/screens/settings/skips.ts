import type { ClientReviewSkip, ContentType } from "@leadmetrics/web";

/** What is published without the client's own approval: nothing, everything, or some of it by type and channel. */
export type Extent = "none" | "some" | "all";

/** Content of one type that goes to one channel; an empty channel is every one, and none. */
export interface Place {
  readonly contentType: ContentType;
  readonly channelRef: string;
}

export const ALL_CHANNELS = "";

export function extentOf(skips: readonly ClientReviewSkip[]): Extent {
  if (skips.length === 0) return "none";
  return skips.some((skip) => !skip.contentType && skip.channelRef === ALL_CHANNELS) ? "all" : "some";
}

/** The places a setting names, one for each type. */
export function placesOf(skips: readonly ClientReviewSkip[], types: readonly ContentType[]): Place[] {
  return skips.flatMap(({ contentType, channelRef }) =>
    (contentType ? [contentType] : types).map((type) => ({ contentType: type, channelRef })),
  );
}

const same = (one: Place, other: Place): boolean =>
  one.contentType === other.contentType && one.channelRef === other.channelRef;

export const has = (places: readonly Place[], place: Place): boolean =>
  places.some((one) => same(one, place));

/** Whether a channel's own choice says nothing, because every channel is chosen. */
export const isImplied = (places: readonly Place[], place: Place): boolean =>
  place.channelRef !== ALL_CHANNELS && has(places, { ...place, channelRef: ALL_CHANNELS });

export const toggled = (places: readonly Place[], place: Place): Place[] =>
  has(places, place) ? places.filter((one) => !same(one, place)) : [...places, place];

export function skipsOf(extent: Extent, places: readonly Place[]): ClientReviewSkip[] {
  if (extent === "none") return [];
  if (extent === "all") return [{ channelRef: ALL_CHANNELS }];
  return places.filter((place) => !isImplied(places, place)).map((place) => ({ ...place }));
}

/** Whether what would be set differs from what is. */
export function isChanged(before: readonly ClientReviewSkip[], after: readonly ClientReviewSkip[]): boolean {
  const text = (skips: readonly ClientReviewSkip[]) =>
    skips
      .map(({ contentType, channelRef }) => `${contentType ?? ""}/${channelRef}`)
      .sort()
      .join();
  return text(before) !== text(after);
}
