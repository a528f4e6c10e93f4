import { expect, it } from "vitest";
import { stepsOf } from "./steps.ts";

it("tells tools, notes and new attempts apart from the text", () => {
  const steps = stepsOf([
    { sequence: 1, attempt: 1, textDelta: "It" },
    { sequence: 2, attempt: 1, toolCall: "search knowledge: rye", note: "3 passages" },
    { sequence: 3, attempt: 2, textDelta: "It rests" },
  ]);
  expect(steps.map(({ kind, text }) => [kind, text])).toEqual([
    ["tool", "search knowledge: rye"],
    ["note", "3 passages"],
    ["attempt", "Attempt 2"],
  ]);
});
