import { expect, it } from "vitest";
import { moreBeyond } from "./overflow.ts";

it("a row that scrolls sideways fades at the edges beyond which there is more, whichever way it runs", () => {
  expect(moreBeyond(0, 320, 320)).toBe("none");
  expect(moreBeyond(0, 320, 500)).toBe("end");
  expect(moreBeyond(90, 320, 500)).toBe("both");
  expect(moreBeyond(180, 320, 500)).toBe("start");
  expect(moreBeyond(179.4, 320, 500)).toBe("start");
  expect(moreBeyond(-180, 320, 500)).toBe("start");
});
