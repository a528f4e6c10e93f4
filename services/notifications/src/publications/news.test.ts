import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  ActivitySchema,
  TargetDecision as D,
  PublicationStatus as P,
  PublicationSchema,
} from "@leadmetrics/proto/content/v1/activities";
import { describe, expect, it } from "vitest";
import { listed, othersUnderWay, restOf, together, wordsOf } from "./news.ts";

const now = new Date("2026-12-01T09:00:00Z");
const minutes = (count: number) => timestampFromDate(new Date(now.getTime() + count * 60_000));
const target = (channelName: string, publicationStatus: P, more: object = {}) => ({
  channelName,
  publicationRef: `P-${channelName}`,
  publicationStatus,
  decision: D.APPROVED,
  url: `https://${channelName.toLowerCase()}.example/rye`,
  problem: publicationStatus === P.FAILED ? `${channelName} says no.` : "",
  ...more,
});
const activity = (...targets: ReturnType<typeof target>[]) =>
  create(ActivitySchema, { title: "Rye", targets });
const own = (status: P) =>
  create(PublicationSchema, { ref: "P-Blog", status, url: "https://blog.example/rye", problem: "No." });

describe("news of a channel", () => {
  const blog = target("Blog", P.CONFIRMED, { confirmedOn: minutes(0) });

  it("waits while another is being sent, or is due, and for no other", () => {
    const waits = (other: ReturnType<typeof target>) =>
      othersUnderWay(activity(blog, other), own(P.CONFIRMED), now);
    expect(waits(target("Shop", P.SENDING))).toBe(true);
    expect(waits(target("Shop", P.ACCEPTED))).toBe(true);
    expect(waits(target("Shop", P.PREPARED))).toBe(true);
    expect(waits(target("Shop", P.PREPARED, { publishOn: minutes(90) }))).toBe(false);
    expect(waits(target("Shop", P.PREPARED, { decision: D.DECLINED }))).toBe(false);
    for (const status of [P.CONFIRMED, P.FAILED, P.UNCONFIRMED])
      expect(waits(target("Shop", status))).toBe(false);
    expect(othersUnderWay(activity(blog), own(P.CONFIRMED), now)).toBe(false);
  });

  it("is told with those the same became of, but not with what went out long before", () => {
    const names = (status: P, ...others: ReturnType<typeof target>[]) =>
      together(activity(...others, { ...blog, publicationStatus: status }), own(status), now).map(
        ({ channelName }) => channelName,
      );
    const shop = target("Shop", P.CONFIRMED, { confirmedOn: minutes(-2) });
    const old = target("Old", P.CONFIRMED, { confirmedOn: minutes(-600) });
    expect(names(P.CONFIRMED, shop, old, target("Lost", P.FAILED))).toEqual(["Shop", "Blog"]);
    expect(names(P.FAILED, shop, target("Lost", P.FAILED))).toEqual(["Lost", "Blog"]);
    expect(together(create(ActivitySchema), own(P.CONFIRMED), now)).toMatchObject([{ channelName: "" }]);
  });

  it("says where it goes later, and where it doesn't go", () => {
    const text = restOf(
      activity(
        blog,
        target("Shop", P.PREPARED, { publishOn: minutes(90) }),
        target("Press", P.UNSPECIFIED, { decision: D.DECLINED }),
      ),
      now,
    );
    expect(text).toBe("It goes out later on Shop.\nIt was left out on Press.");
    expect(restOf(activity(blog), now)).toBe("");
  });
});

describe("the words", () => {
  const part = (channelName: string) => ({
    publicationRef: "P",
    channelName,
    url: `https://${channelName.toLowerCase() || "a"}.example`,
    problem: "It says no.",
  });

  it("name one channel, two, or many", () => {
    expect(["", "A", "A and B", "A, B and C"]).toEqual([
      listed([]),
      listed(["A"]),
      listed(["A", "B"]),
      listed(["A", "B", "C"]),
    ]);
  });

  it("give a line to each channel, and a plain sentence to the only one", () => {
    expect(wordsOf([part("Blog")])).toEqual({
      on: " on Blog",
      where: "It is at https://blog.example.",
      why: "It says no.",
    });
    expect(wordsOf([part("Blog"), part("Shop")])).toEqual({
      on: " on Blog and Shop",
      where: "Blog: https://blog.example\nShop: https://shop.example",
      why: "Blog: It says no.\nShop: It says no.",
    });
  });

  it("do without a name that isn't known", () => {
    expect(wordsOf([part("")]).on).toBe("");
  });
});
