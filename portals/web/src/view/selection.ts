/** Where somebody is in a list of items. */
export interface At {
  /** The item the address asks for, until it is in the list: nothing else is shown in its place. */
  readonly wanted: string | undefined;
  /** The item they are at: it stays theirs whatever comes and goes around it. */
  readonly ref: string | undefined;
  /** Its place, for when it leaves the list: the one that follows it moves up. */
  readonly index: number;
  /** Steps beyond what is loaded, made when it is. */
  readonly ahead: number;
}

export const nowhere: At = { wanted: undefined, ref: undefined, index: 0, ahead: 0 };

/** The place of the item somebody is at; -1 in an empty list, and while the item they asked for isn't in it. */
export function placeOf(items: readonly { ref: string }[], at: At): number {
  if (at.wanted) return items.findIndex((one) => one.ref === at.wanted);
  const own = items.findIndex((one) => one.ref === at.ref);
  return own >= 0 ? own : Math.min(at.index, items.length - 1);
}

/** The same whereabouts after the list changed: steps that waited for rows are made, and what is shown is held on to. */
export function settled(items: readonly { ref: string }[], at: At, hasMore: boolean): At {
  const place = placeOf(items, at);
  if (place < 0) return at;
  const index = Math.min(place + at.ahead, items.length - 1);
  const ahead = hasMore ? at.ahead - (index - place) : 0;
  const ref = items[index]?.ref;
  const wanted = ref === at.wanted ? undefined : at.wanted;
  return ref === at.ref && index === at.index && ahead === at.ahead && wanted === at.wanted
    ? at
    : { wanted, ref, index, ahead };
}

/** One step down or up. Past the last loaded row it is kept until there are more; from nowhere it leads to the first. */
export function stepped(items: readonly { ref: string }[], at: At, by: 1 | -1, hasMore: boolean): At {
  const place = placeOf(items, at);
  if (place < 0) return items.length > 0 ? chosen(items, 0) : at;
  if (by === -1 && at.ahead > 0) return { ...at, ahead: at.ahead - 1 };
  const to = place + by;
  if (to >= items.length) return hasMore ? { ...at, wanted: undefined, ahead: at.ahead + 1 } : at;
  return chosen(items, to);
}

/** At one row of the list. */
export function chosen(items: readonly { ref: string }[], index: number): At {
  const at = Math.max(0, Math.min(index, items.length - 1));
  return { wanted: undefined, ref: items[at]?.ref, index: at, ahead: 0 };
}
