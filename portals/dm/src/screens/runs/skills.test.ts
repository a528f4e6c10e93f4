import { expect, it } from "vitest";
import { lastTold } from "./skills.ts";

it("says what the last attempt was told, not the ones before", () => {
  const use = (name: string, number: number, attempt: number) => ({ name, number, attempt });
  expect(lastTold([use("tone", 1, 1), use("seo", 0, 2), use("tone", 2, 2)])).toEqual([
    use("seo", 0, 2),
    use("tone", 2, 2),
  ]);
  expect(lastTold([])).toEqual([]);
});
