import { describe, expect, it } from "vitest";
import { offlineAdapter } from "../../src/adapters/offline.ts";
import { adapterContract, failureOf, request } from "./contract.ts";

adapterContract("offline", {
  start: async () => ({
    make: (settings) => offlineAdapter({ paceMs: 0, ...settings }),
    close: async () => {},
  }),
});

describe("the offline adapter", () => {
  const signal = AbortSignal.timeout(5_000);

  it("stops between two chunks at the pace for people, too", async () => {
    const stop = new AbortController();
    const run = offlineAdapter({ paceMs: 10_000 }).run(request("offline"), { signal: stop.signal });
    stop.abort();
    expect((await failureOf(run)).class).toBe("cancelled");
  });

  it("costs nothing, and gives the same text every time", async () => {
    const adapter = offlineAdapter({ paceMs: 0 });
    const [one, two] = [
      await adapter.run(request("offline"), { signal }),
      await adapter.run(request("offline"), { signal }),
    ];
    expect(one.cost).toBe(0);
    expect(two.text).toBe(one.text);
  });

  it("does not pretend to be a model that it is not", async () => {
    const run = offlineAdapter({ paceMs: 0 }).run(request("offline", { model: "gpt-9" }), { signal });
    expect(await failureOf(run)).toMatchObject({ class: "invalid", code: "unknown_model" });
  });
});
