import { describe, expect, it } from "vitest";
import { tabAfter } from "./tab-keys.ts";

const ids = ["brief", "context", "sources"];

describe("the keys of tabs", () => {
  it("lead to the next and the one before, and begin anew over either end", () => {
    expect(tabAfter(ids, "brief", "ArrowRight", false)).toBe("context");
    expect(tabAfter(ids, "sources", "ArrowRight", false)).toBe("brief");
    expect(tabAfter(ids, "brief", "ArrowLeft", false)).toBe("sources");
  });
  it("follow the direction of the script", () => {
    expect(tabAfter(ids, "context", "ArrowLeft", true)).toBe("sources");
    expect(tabAfter(ids, "context", "ArrowRight", true)).toBe("brief");
  });
  it("lead to the first and the last, and leave other keys alone", () => {
    expect(tabAfter(ids, "context", "Home", false)).toBe("brief");
    expect(tabAfter(ids, "context", "End", false)).toBe("sources");
    expect(tabAfter(ids, "context", "j", false)).toBeUndefined();
  });
});
