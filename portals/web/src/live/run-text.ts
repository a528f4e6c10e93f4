import type { RunEvent, Usage } from "../api/shapes.ts";
import { noteOf } from "../view/told.ts";

/** What agents are writing right now, by run; outside React because it changes many times a second. */
export interface Writing {
  text: string;
  /** The last thing it did beside writing. */
  note: string;
  usage: Usage | undefined;
  attempt: number;
}

export const nothing: Writing = { text: "", note: "", usage: undefined, attempt: 0 };

/** The events of a run so far, in order of sequence, and what they add up to. */
export interface RunLog {
  events: readonly RunEvent[];
  writing: Writing;
}

export const emptyLog: RunLog = { events: [], writing: nothing };

/** One event on top of the others. A new attempt starts from an empty page. */
function step(now: Writing, event: RunEvent): Writing {
  const again = event.attempt > now.attempt && now.attempt > 0;
  return {
    text: (again ? "" : now.text) + (event.textDelta ?? ""),
    note: event.toolCall || noteOf(event) || (again ? "" : now.note),
    usage: event.usage ?? now.usage,
    attempt: Math.max(event.attempt, now.attempt),
  };
}

const at = (event: RunEvent): number => Number(event.sequence);

/**
 * Adds events, each once, wherever they belong: the stored beginning may arrive after the first live ones, and a
 * reconnect repeats some. Pure; the same object when nothing is new.
 */
export function addRunEvents(log: RunLog, more: readonly RunEvent[]): RunLog {
  const known = new Set(log.events.map(at));
  const fresh = more.filter(
    (event) => Number.isFinite(at(event)) && !known.has(at(event)) && known.add(at(event)),
  );
  if (fresh.length === 0) return log;
  fresh.sort((a, b) => at(a) - at(b));
  const last = log.events.at(-1);
  const [first] = fresh;
  if (!last || (first && at(first) > at(last))) {
    return { events: [...log.events, ...fresh], writing: fresh.reduce(step, log.writing) };
  }
  const events = [...log.events, ...fresh].sort((a, b) => at(a) - at(b));
  return { events, writing: events.reduce(step, nothing) };
}

const runs = new Map<string, RunLog>();
const listeners = new Map<string, Set<() => void>>();
const dirty = new Set<string>();
let painting = false;
/** Texts kept; the oldest leave first, so that a tab open for days does not grow. */
const KEPT = 40;

/** Takes events of a run, live or stored. */
export function pushRunEvents(run: string, events: readonly RunEvent[]): void {
  const now = runs.get(run) ?? emptyLog;
  const next = addRunEvents(now, events);
  if (next === now) return;
  runs.delete(run);
  runs.set(run, next);
  for (const oldest of runs.keys()) {
    if (runs.size <= KEPT) break;
    if (!listeners.has(oldest)) runs.delete(oldest);
  }
  dirty.add(run);
  // One repaint a frame, however many deltas come.
  if (painting) return;
  painting = true;
  requestAnimationFrame(() => {
    painting = false;
    const changed = [...dirty];
    dirty.clear();
    for (const ref of changed) for (const listener of listeners.get(ref) ?? []) listener();
  });
}

export const currentEvents = (run: string): readonly RunEvent[] => runs.get(run)?.events ?? emptyLog.events;

export const currentWriting = (run: string): Writing => runs.get(run)?.writing ?? nothing;

export function subscribeWriting(run: string, listener: () => void): () => void {
  const set = listeners.get(run) ?? new Set();
  listeners.set(run, set.add(listener));
  return () => {
    set.delete(listener);
    if (set.size === 0) listeners.delete(run);
  };
}
