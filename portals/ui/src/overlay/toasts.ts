/** The line of toasts, outside React so that an undo outlives the page that started it. */

export interface Toast {
  id: number;
  message: string;
  tone: "plain" | "ok" | "bad";
  /** Milliseconds until it leaves by itself. */
  lastsMs: number;
  undo?: () => void;
}

type Listener = () => void;

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<Listener>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function subscribeToasts(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const currentToasts = (): readonly Toast[] => toasts;

/** Shows one line; returns its id so that it can be taken back. */
export function toast(message: string, options: Partial<Omit<Toast, "id" | "message">> = {}): number {
  const item: Toast = { id: nextId++, message, tone: "plain", lastsMs: 5000, ...options };
  set([...toasts.slice(-2), item]);
  if (!item.undo) setTimeout(() => dismissToast(item.id), item.lastsMs);
  return item.id;
}

export function dismissToast(id: number): void {
  set(toasts.filter((item) => item.id !== id));
}

interface Pending {
  timer: ReturnType<typeof setTimeout>;
  commit: () => void;
}
const pending = new Map<number, Pending>();

/** Ten seconds: how long a decision can be taken back. */
export const UNDO_MS = 10_000;

/**
 * Says `message` at once and does `commit` after ten seconds, unless the person takes it back. Leaving the page commits
 * what is waiting, so a decision is never lost by closing the tab.
 */
export function undoable(options: { message: string; commit: () => void; onUndo: () => void }): () => void {
  const finish = () => {
    pending.delete(id);
    dismissToast(id);
    options.commit();
  };
  const undo = () => {
    const waiting = pending.get(id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    pending.delete(id);
    dismissToast(id);
    options.onUndo();
  };
  const id = toast(options.message, { lastsMs: UNDO_MS, undo });
  pending.set(id, { timer: setTimeout(finish, UNDO_MS), commit: finish });
  return undo;
}

/** Commits every decision that still waits for its ten seconds; called when the page goes away. */
export function commitPending(): void {
  for (const { timer, commit } of [...pending.values()]) {
    clearTimeout(timer);
    commit();
  }
}
