import type { Target } from "@leadmetrics/web";
import { describe, expect, it } from "vitest";
import { lastYes, unreviewedText } from "./last-yes.ts";

const NOW = Date.parse("2026-05-01T12:00:00Z");
const write = (iso: string) => iso.slice(0, 10);
const channel = (channelName: string, publishOn?: string): Target => ({
  channelRef: channelName,
  channelName,
  channelUrl: "https://site.example",
  decision: "pending",
  note: "",
  publishOn: publishOn ?? null,
  publicationRef: "",
  url: "",
  problem: "",
});
const said = (targets: Target[], publishOn?: string) =>
  lastYes({ skipsClientReview: true, targets, publishOn: publishOn ?? null }, NOW, write);

describe("where a draft is approved that no client looks at", () => {
  it("it says that this is the last yes, where it goes and when", () => {
    expect(said([channel("Blog")])).toEqual({
      verb: "Approve and publish",
      line: "Yours is the last yes. It goes out to Blog as soon as you approve.",
    });
    expect(said([channel("Blog"), channel("Shop")], "2026-05-09T09:00:00Z")).toEqual({
      verb: "Approve and schedule",
      line: "Yours is the last yes. It goes out to Blog, Shop on 2026-05-09.",
    });
  });

  it("a moment that is over is now, and each channel has its own", () => {
    expect(said([channel("Blog"), channel("Shop", "2026-05-20T09:00:00Z")], "2026-04-01T09:00:00Z")).toEqual({
      verb: "Approve and publish",
      line: "Yours is the last yes. It goes out to Blog as soon as you approve, and to Shop on 2026-05-20.",
    });
  });

  it("nothing is promised of a draft without a channel, or said of one the client decides about", () => {
    expect(said([])).toEqual({ verb: "Approve", line: "Yours is the last yes. It goes to no channel." });
    expect(
      lastYes({ skipsClientReview: false, targets: [channel("Blog")], publishOn: null }, NOW, write),
    ).toBe(undefined);
  });

  it("a message about several says how many of them nobody looks at again", () => {
    const [client, nobody] = [{ skipsClientReview: false }, { skipsClientReview: true }];
    expect(unreviewedText([client, client])).toBe("");
    expect(unreviewedText([nobody])).toBe(". It goes out without client review");
    expect(unreviewedText([nobody, nobody])).toBe(". All go out without client review");
    expect(unreviewedText([client, nobody])).toBe(". 1 goes out without client review");
  });
});
