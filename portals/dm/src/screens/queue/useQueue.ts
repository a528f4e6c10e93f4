"use client";
import {
  type Activity,
  type Link,
  type QueueFilter,
  type QueuePlace,
  reviewQueries,
  useUndecided,
} from "@leadmetrics/web";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

const NONE: readonly Activity[] = [];

/**
 * What waits, as far as it is loaded. A draft that a link led to and that stands further down is fetched by itself and comes
 * before the others, until they reach it.
 *
 * @param settled the filter is known
 */
export function useQueue(filter: QueueFilter, settled: boolean, link: Link) {
  const queue = useInfiniteQuery({
    ...reviewQueries.queue(filter),
    placeholderData: keepPreviousData,
    enabled: settled,
  });
  const undecided = useUndecided();
  const pages = queue.data?.pages;
  const loaded = useMemo(
    () => (pages ? pages.flatMap((page) => page.items).filter((one) => !undecided.has(one.ref)) : NONE),
    [pages, undecided],
  );
  const away = link.ref !== undefined && pages !== undefined && !loaded.some((one) => one.ref === link.ref);
  // Also while it can still be taken back: where it stands is known anew before it could come back.
  const found = useQuery({ ...reviewQueries.find(link.ref ?? ""), enabled: away });
  const place = away && found.data && !undecided.has(found.data.activity.ref) ? found.data : undefined;
  const pinned: QueuePlace | undefined = place && place.position > 0 ? place : undefined;
  const first = pinned?.activity;
  const items = useMemo(() => (first ? [first, ...loaded] : loaded), [first, loaded]);
  const counted = pages?.[0]?.total;
  return {
    queue,
    /** In the order they are gone through. */
    items,
    /** The first of them, when it stands elsewhere in the queue. */
    pinned,
    found,
    total: counted === undefined ? undefined : Math.max(0, counted - undecided.size),
  };
}
