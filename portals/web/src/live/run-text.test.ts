import { describe, expect, it } from "vitest";
import { addRunEvents, emptyLog } from "./run-text.ts";

const delta = (sequence: number | string, textDelta: string, attempt = 1) => ({
  sequence,
  textDelta,
  attempt,
});

describe("the text an agent is writing", () => {
  it("grows by each delta once, however often it arrives", () => {
    const first = addRunEvents(emptyLog, [delta(1, "Tea "), delta("2", "is ")]);
    const second = addRunEvents(first, [delta(2, "is "), delta(1, "Tea "), delta(3, "hot.")]);
    expect(second.writing.text).toBe("Tea is hot.");
  });
  it("is whole when the stored beginning arrives after the first live words", () => {
    const live = addRunEvents(emptyLog, [delta(3, "three")]);
    expect(addRunEvents(live, [delta(1, "one "), delta(2, "two "), delta(3, "three")]).writing.text).toBe(
      "one two three",
    );
  });
  it("starts from an empty page with a new attempt", () => {
    const failed = addRunEvents(emptyLog, [delta(1, "Half a sent")]);
    expect(addRunEvents(failed, [delta(2, "Again", 2)]).writing).toMatchObject({ text: "Again", attempt: 2 });
  });
  it("stays the same object when nothing is new", () => {
    const now = addRunEvents(emptyLog, [delta(5, "x")]);
    expect(addRunEvents(now, [delta(5, "x"), delta("soon", "y")])).toBe(now);
  });
});
