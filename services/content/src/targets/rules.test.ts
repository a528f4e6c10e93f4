import { describe, expect, it } from "vitest";
import type { PublicationStatusName, StatusName } from "../db.ts";
import { mayFollow } from "../production/rules.ts";
import {
  decided,
  inTheAir,
  isPublishing,
  owedAt,
  type Part,
  partOf,
  problemText,
  slotsOf,
  stateOf,
} from "./rules.ts";

const PARTS: readonly Part[] = ["out", "unsure", "going", "failed", "due", "waiting"];

/** What one channel can become by itself, or by a person: sent, answered, settled, retried, moved. */
const STEPS: Readonly<Record<Part, readonly Part[]>> = {
  waiting: ["due", "going"],
  due: ["going", "waiting"],
  going: ["out", "unsure", "failed", "going"],
  unsure: ["out", "due", "waiting"],
  failed: ["due", "waiting"],
  out: [],
};

const tuples = (length: number): Part[][] =>
  length === 0 ? [[]] : tuples(length - 1).flatMap((rest) => PARTS.map((part) => [...rest, part]));

describe("the state of an activity with several channels", () => {
  const now = new Date();
  const later = new Date(now.getTime() + 1_000);
  const facts = (status: PublicationStatusName, attempts = 0, moment: Date | null = null) =>
    partOf({ status, attempts, moment }, now);

  it("knows how it stands with each", () => {
    expect(
      ["confirmed", "unconfirmed", "failed", "sending", "accepted"].map((status) =>
        facts(status as PublicationStatusName),
      ),
    ).toEqual(["out", "unsure", "failed", "going", "going"]);
    expect([
      facts("prepared"),
      facts("prepared", 0, now),
      facts("prepared", 0, later),
      facts("prepared", 1),
    ]).toEqual(["due", "due", "waiting", "going"]);
  });

  it("goes only ways the state machine has, whichever channel moves first", () => {
    const wrong = new Set<string>();
    for (const length of [1, 2, 3])
      for (const parts of tuples(length))
        for (const [index, part] of parts.entries()) {
          const from = stateOf(parts);
          const after = STEPS[part].map((next) => parts.with(index, next));
          // A channel that isn't in the air can be left out while others remain.
          if (length > 1 && !inTheAir(part) && part !== "out") after.push(parts.toSpliced(index, 1));
          for (const next of after) {
            const to = stateOf(next);
            if (from !== to && !mayFollow(from, to)) wrong.add(`${parts} → ${next}: ${from} → ${to}`);
          }
        }
    expect([...wrong]).toEqual([]);
  });

  it("is published when it is out everywhere, and never before", () => {
    for (const length of [1, 2, 3])
      for (const parts of tuples(length))
        expect([parts, stateOf(parts) === "published"]).toEqual([
          parts,
          parts.every((part) => part === "out"),
        ]);
  });

  it("can be held or cancelled only while nothing is in the air", () => {
    for (const length of [1, 2, 3])
      for (const parts of tuples(length)) {
        const state = stateOf(parts);
        if (parts.some(inTheAir))
          expect([mayFollow(state, "on_hold"), mayFollow(state, "cancelled")]).toEqual([false, false]);
      }
  });

  it("shows a failure unless another channel is in the air or comes next", () => {
    expect(stateOf(["failed", "out"])).toBe("publish_failed");
    expect(stateOf(["failed", "waiting"])).toBe("publish_failed");
    expect(stateOf(["failed", "due"])).toBe("publishing");
    expect(stateOf(["failed", "unsure"])).toBe("unconfirmed");
  });

  it("waits for its hour when that is all there is left to do", () => {
    expect([
      stateOf(["waiting"]),
      stateOf(["out", "waiting"]),
      stateOf(["due", "waiting"]),
      stateOf([]),
    ]).toEqual(["scheduled", "scheduled", "approved", "approved"]);
  });

  it("with one channel goes the way it always went", () => {
    expect(PARTS.map((part) => stateOf([part]))).toEqual([
      "published",
      "unconfirmed",
      "publishing",
      "publish_failed",
      "approved",
      "scheduled",
    ]);
  });
});

describe("who owes the next move at a channel", () => {
  const activity = { status: "client_review" as StatusName, owed_by: "client" as const };
  const at = (publication: PublicationStatusName | undefined, status: StatusName = "publishing") =>
    owedAt({ decision: "approved", publication }, { status, owed_by: "reviewer" });
  it("is who owes the activity's before there is a publication", () =>
    expect(owedAt({ decision: "pending", publication: undefined }, activity)).toBe("client"));
  it("is nobody where it was declined or is out", () => {
    expect(owedAt({ decision: "declined", publication: undefined }, activity)).toBe("nobody");
    expect(at("confirmed")).toBe("nobody");
  });
  it("is the channel on the way, a reviewer when something went wrong, and whoever holds it on hold", () => {
    expect([at("prepared"), at("sending"), at("accepted")]).toEqual(["channel", "channel", "channel"]);
    expect([at("failed"), at("unconfirmed"), at("failed", "cancelled")]).toEqual([
      "reviewer",
      "reviewer",
      "nobody",
    ]);
    expect(at("prepared", "on_hold")).toBe("reviewer");
  });
});

describe("a problem", () => {
  const wrong = { name: "Shop", part: "failed" as const, problem: "Not allowed." };
  it("names its channel when there are several", () => {
    expect(problemText([wrong])).toBe("Not allowed.");
    expect(problemText([wrong, { name: "Blog", part: "out", problem: "" }])).toBe("Shop: Not allowed.");
    expect(problemText([wrong, { name: "Blog", part: "unsure", problem: "No answer." }])).toBe(
      "Shop: Not allowed. Blog: No answer.",
    );
  });
  it("is none where all is well", () =>
    expect(problemText([{ name: "Blog", part: "going", problem: "busy" }])).toBe(""));
});

describe("a client's decision on channels", () => {
  const targets = [
    { channel_id: "a", name: "Blog" },
    { channel_id: "b", name: "Shop" },
  ];
  const yes = (channelId: string | undefined) => ({ channelId, approved: true, note: "" });
  const no = (channelId: string | undefined, note = "Too long for it") => ({
    channelId,
    approved: false,
    note,
  });

  it("is for all when it names none, also when there is none to name", () => {
    expect(decided(targets, [])).toEqual({ kind: "approved", channels: [yes("a"), yes("b")] });
    expect(decided([], [])).toEqual({ kind: "approved", channels: [] });
  });
  it("can decline one with a note", () =>
    expect(decided(targets, [yes("a"), no("b")])).toEqual({
      kind: "approved",
      channels: [yes("a"), no("b")],
    }));
  it("is a rejection when it declines all, with every note", () =>
    expect(decided(targets, [no("b"), no("a", " Too short ")])).toEqual({
      kind: "rejected",
      note: "Shop: Too long for it\nBlog: Too short",
    }));
  it("has to name each channel once, and only the activity's own", () => {
    expect(decided(targets, [yes("a")])).toMatchObject({ kind: "wrong", field: "channels" });
    expect(decided(targets, [yes("a"), yes("a")])).toMatchObject({
      kind: "wrong",
      field: "channels[1].channel_ref",
    });
    expect(decided(targets, [yes("a"), yes("c")])).toMatchObject({
      kind: "wrong",
      field: "channels[1].channel_ref",
    });
    expect(decided(targets, [yes(undefined)])).toMatchObject({
      kind: "wrong",
      field: "channels[0].channel_ref",
    });
    expect(decided([], [yes("a")])).toMatchObject({ kind: "wrong" });
  });
  it("says why not", () =>
    expect(decided(targets, [yes("a"), no("b", "  ")])).toMatchObject({
      kind: "wrong",
      field: "channels[1].note",
    }));
});

it("channels that go out within the hour have one moment", () => {
  const at = (hours: number) => new Date(Date.UTC(2026, 11, 1) + hours * 3_600_000);
  expect(
    slotsOf([
      { channelId: "c", at: at(26) },
      { channelId: "a", at: at(1) },
      { channelId: "b", at: at(1.5) },
    ]),
  ).toEqual([
    { at: at(1), channelIds: ["a", "b"] },
    { at: at(26), channelIds: ["c"] },
  ]);
});

it("the publications say how an activity stands only while it is on its way out", () => {
  expect(
    (["approved", "scheduled", "publishing", "unconfirmed", "publish_failed"] as const).every(isPublishing),
  ).toBe(true);
  expect((["published", "cancelled", "on_hold", "client_review"] as const).some(isPublishing)).toBe(false);
});
