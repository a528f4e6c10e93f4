import { expect, it } from "vitest";
import type { ActivityDetail, Target } from "../api/shapes.ts";
import { timelineOf } from "./timeline.ts";

it("tells an item's story newest first, with what is to come before it", () => {
  const step = (
    ref: string,
    kind: "write" | "publish",
    status: "done" | "pending",
    finishedOn: string | null,
  ) => ({
    ref,
    kind,
    status,
    finishedOn,
    agentRole: kind === "write" ? "blog-writer" : "",
    output: "",
  });
  const target = (channelRef: string, channelName: string): Target => ({
    channelRef,
    channelName,
    channelUrl: "",
    decision: "approved",
    note: "",
    publicationRef: "",
    url: "",
    problem: "",
  });
  const detail: ActivityDetail = {
    activity: {
      ref: "A",
      tenantRef: "T",
      planRef: "P",
      contentType: "blog_post",
      title: "Tea",
      status: "approved",
      revisionNumber: 1,
      contentHash: "h",
      rejections: 0,
      escalated: false,
      version: 3,
      createdOn: "2026-12-01T08:00:00Z",
      approvedBySetting: false,
      skipsClientReview: false,
      targets: [target("C1", "Blog"), target("C2", "Shop")],
    },
    steps: [step("s1", "write", "done", "2026-12-01T09:00:00Z"), step("s2", "publish", "pending", null)],
    revisions: [],
    approvals: [
      {
        ref: "a",
        step: "client_review",
        decision: "approved",
        revisionRef: "r",
        note: "",
        decidedBy: { kind: "user", id: "U" },
        decidedOn: "2026-12-02T09:00:00Z",
        channels: [
          { channelRef: "C1", approved: true, note: "" },
          { channelRef: "C2", approved: false, note: "Too long" },
        ],
      },
    ],
    publications: [
      {
        ref: "p",
        channelRef: "C1",
        revisionRef: "r",
        status: "confirmed",
        remoteId: "1",
        url: "https://blog.example/tea",
        problem: "",
        confirmedOn: "2026-12-03T09:00:00Z",
      },
    ],
  };
  const entries = timelineOf(detail, (actor) => (actor?.id === "U" ? "Jo" : ""));
  expect(entries.find((entry) => entry.key === "a")?.note).toBe("Not on Shop: Too long");
  expect(entries.map((entry) => entry.what)).toEqual([
    "Publication",
    "Published on Blog",
    "Client approved · Jo",
    "Draft finished by the blog writer",
    "Planned",
  ]);

  const bySetting = { ...detail, approvals: detail.approvals.map((one) => ({ ...one, bySetting: true })) };
  const approvedBy = (whose?: "your") =>
    timelineOf(bySetting, () => "Jo", whose).find((entry) => entry.key === "a")?.what;
  expect(approvedBy("your")).toBe("Approved by your setting · Jo");
  expect(approvedBy()).toBe("Approved by the client's setting · Jo");

  const [out] = detail.publications;
  const failed: ActivityDetail = {
    ...detail,
    activity: { ...detail.activity, owedSince: "2026-12-03T10:00:00Z" },
    publications: out
      ? [out, { ...out, ref: "q", channelRef: "C2", status: "failed", confirmedOn: null, problem: "No." }]
      : [],
  };
  expect(timelineOf(failed, () => "").map((entry) => entry.what)).toEqual(
    expect.arrayContaining(["Publication", "Publishing on Shop failed", "Published on Blog"]),
  );
  expect(timelineOf(failed, () => "")[1]).toMatchObject({ what: "Publishing on Shop failed", note: "No." });
});
