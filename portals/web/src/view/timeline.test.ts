import { expect, it } from "vitest";
import type { ActivityDetail } from "../api/shapes.ts";
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
      },
    ],
    publications: [],
  };
  expect(timelineOf(detail, (actor) => (actor?.id === "U" ? "Jo" : "")).map((entry) => entry.what)).toEqual([
    "Publication",
    "Client approved · Jo",
    "Draft finished by the blog writer",
    "Planned",
  ]);
});
