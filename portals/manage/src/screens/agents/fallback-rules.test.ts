import { describe, expect, it } from "vitest";
import { ANY, fallbackOf, stepsText } from "./fallback-rules.ts";

const said = (role: string, adapter: string) => ({
  role,
  steps: [{ adapter, model: "" }],
  setBy: "",
  version: 1,
});

describe("what a tenant's role goes on with", () => {
  it("is its own word before its word for all roles before the platform's", () => {
    const platform = [said(ANY, "claude"), said("blog-writer", "openai")];
    expect(fallbackOf("blog-writer", [], platform)).toMatchObject({
      steps: [{ adapter: "openai" }],
      said: "platform",
    });
    expect(fallbackOf("setup", [], platform)).toMatchObject({
      steps: [{ adapter: "claude" }],
      said: "platform",
    });
    expect(fallbackOf("blog-writer", [said(ANY, "offline")], platform)).toMatchObject({ said: "all" });
    expect(
      fallbackOf("blog-writer", [said(ANY, "offline"), said("blog-writer", "claude")], platform).said,
    ).toBe("role");
    expect(fallbackOf("blog-writer", [], [])).toEqual({ steps: [], said: "nobody" });
  });

  it("is read in order", () => {
    const steps = [
      { adapter: "claude", model: "claude-haiku-5-5" },
      { adapter: "offline", model: "" },
    ];
    expect(stepsText(steps)).toBe("Claude claude-haiku-5-5, then Offline");
    expect(stepsText([])).toBe("nothing");
  });
});
