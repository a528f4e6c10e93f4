import { expect, it } from "vitest";
import { workedOn } from "./rules.ts";

it("names what a role has worked on once, the last first, and leaves out what is no activity", () => {
  const run = (activityRef: string, title: string) => ({ activityRef, title });
  expect(workedOn([run("b", "Rye, again"), run("", "December"), run("a", "Spelt"), run("b", "Rye")])).toEqual(
    [
      { ref: "b", title: "Rye, again" },
      { ref: "a", title: "Spelt" },
    ],
  );
});
