import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { DeletionStatus } from "../db.ts";
import {
  countedAfter,
  countedBefore,
  isEmpty,
  isQuiet,
  isSameName,
  mayBecome,
  nextMove,
  nextStep,
  reportOf,
  type Step,
  withErased,
} from "./rules.ts";

const NOW = new Date("2026-12-31T12:00:00Z");
const later = (ms: number) => new Date(NOW.getTime() + ms);
const rows = (name: string, records: number, rule: "erase" | "forget" | "keep" = "erase") => ({
  name,
  rule,
  reason: rule === "keep" ? "the law" : "",
  records,
});

describe("a deletion's next move", () => {
  it.each([
    ["requested", later(1), "count"],
    ["grace", later(1), "wait"],
    ["grace", NOW, "begin"],
    ["erasing", later(-1), "erase"],
    ["verifying", later(-1), "verify"],
    ["finished", later(-1), "nothing"],
    ["cancelled", later(-1), "nothing"],
  ] as const)("%s with its grace over at %s: %s", (status, erase_after, move) => {
    expect(nextMove({ status, erase_after }, NOW)).toBe(move);
  });
});

describe("a deletion's states", () => {
  const all: DeletionStatus[] = ["requested", "grace", "erasing", "verifying", "finished", "cancelled"];

  it("can be cancelled until erasing begins, and never again", () => {
    expect(all.filter((status) => mayBecome(status, "cancelled"))).toEqual(["requested", "grace"]);
  });

  it("end: nothing follows finished or cancelled", () => {
    for (const end of ["finished", "cancelled"] as const)
      expect(all.some((status) => mayBecome(end, status))).toBe(false);
  });

  it("are finished only after everything was verified", () => {
    expect(all.filter((status) => mayBecome(status, "finished"))).toEqual(["verifying"]);
  });
});

describe("counts", () => {
  it("go from what was there, by what was erased, to what is there", () => {
    const before = countedBefore([rows("note", 700), rows("kept_payment", 1, "keep")]);
    const some = withErased(withErased(before, [rows("note", 500)]), [rows("note", 199)]);
    expect(some[0]).toMatchObject({ before: 700, erased: 699, after: 1 });
    expect(countedAfter(some, [rows("note", 0), rows("kept_payment", 2, "keep")])).toMatchObject([
      { name: "note", before: 700, after: 0 },
      { name: "kept_payment", before: 1, after: 2 },
    ]);
  });

  it("of a store that came with a migration in between are among them", () => {
    expect(countedAfter(countedBefore([rows("note", 1)]), [rows("note", 0), rows("visit", 3)])).toMatchObject(
      [
        { name: "note", after: 0 },
        { name: "visit", before: 0, after: 3 },
      ],
    );
  });

  it("are empty when nothing is left but what is kept", () => {
    expect(isEmpty([rows("note", 0), rows("kept_payment", 4, "keep")])).toBe(true);
    expect(isEmpty([rows("session.acting_tenant", 1, "forget")])).toBe(false);
  });

  it("have to stay empty for a while", () => {
    expect(isQuiet(null, NOW, 1_000)).toBe(false);
    expect(isQuiet(later(-999), NOW, 1_000)).toBe(false);
    expect(isQuiet(later(-1_000), NOW, 1_000)).toBe(true);
  });
});

describe("the steps", () => {
  it("are taken in their order", () => {
    const step = (holder: string, status: Step["status"]): Step => ({ holder, status, stores: [] });
    expect(
      nextStep([step("content", "erased"), step("agents", "waiting"), step("rag", "waiting")])?.holder,
    ).toBe("agents");
    expect(nextStep([step("content", "erased")])).toBeUndefined();
  });
});

describe("the report", () => {
  const facts = {
    deletionRef: "D",
    tenantRef: "T",
    reason: "asked for it",
    requestedBy: "user:U",
    requestedOn: NOW.toISOString(),
    eraseAfter: NOW.toISOString(),
    finishedOn: NOW.toISOString(),
    auditChain: { entries: 3, headHash: "aa" },
  };
  const steps: Step[] = [
    {
      holder: "content",
      status: "verified",
      stores: countedAfter(countedBefore([rows("activity", 5)]), [rows("activity", 0)]),
    },
    {
      holder: "billing",
      status: "verified",
      stores: countedAfter(countedBefore([rows("kept_payment", 0, "keep")]), [
        rows("kept_payment", 1, "keep"),
      ]),
    },
  ];

  it("counts what was erased and what is kept, and says what it can't reach", () => {
    const { report } = reportOf(facts, steps);
    expect(report).toMatchObject({ erased: 5, kept: 1, stores: 2 });
    expect(report.remains.join()).toContain("Backups");
  });

  it("has the hash of its own text, by which a changed one shows", () => {
    const { text, hash } = reportOf(facts, steps);
    expect(createHash("sha256").update(text).digest("hex")).toBe(hash);
    expect(reportOf({ ...facts, reason: "another" }, steps).hash).not.toBe(hash);
  });
});

it("a name is taken as people write it, another name isn't", () => {
  expect(isSameName(" crumb &  Co bakery", "Crumb & Co Bakery")).toBe(true);
  expect(isSameName("Crumb", "Crumb & Co Bakery")).toBe(false);
});
