import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commitPending, currentToasts, UNDO_MS, undoable } from "./toasts.ts";

describe("a decision that can be taken back", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const decision = () => ({ message: "Approved", commit: vi.fn(), onUndo: vi.fn() });

  it("is carried out once after ten seconds", () => {
    const it = decision();
    undoable(it);
    vi.advanceTimersByTime(UNDO_MS - 1);
    expect(it.commit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    commitPending();
    expect(it.commit).toHaveBeenCalledTimes(1);
    expect(currentToasts()).toHaveLength(0);
  });

  it("is never carried out once undone", () => {
    const it = decision();
    undoable(it)();
    vi.advanceTimersByTime(UNDO_MS * 2);
    commitPending();
    expect(it.commit).not.toHaveBeenCalled();
    expect(it.onUndo).toHaveBeenCalledTimes(1);
  });

  it("is carried out at once when the page goes away", () => {
    const it = decision();
    undoable(it);
    commitPending();
    vi.advanceTimersByTime(UNDO_MS);
    expect(it.commit).toHaveBeenCalledTimes(1);
  });
});
