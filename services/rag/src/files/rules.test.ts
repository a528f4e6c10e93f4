import { describe, expect, it } from "vitest";
import { afterFailure, objectKey, PROCESSING, progressOf, refuseTooLarge, tidyName } from "./rules.ts";

describe("a file's name", () => {
  it.each([
    ["../../etc/passwd.txt", "passwd.txt"],
    ["C:\\Users\\me\\Plan.docx", "Plan.docx"],
    ["re\u202eport.txt\u0000", "report.txt"],
    ["Grüße.md", "Grüße.md"],
    ["   ", "file"],
  ])("%j is kept as %j", (given, kept) => expect(tidyName(given)).toBe(kept));
});

describe("a failed attempt", () => {
  it("is made again after a pause that doubles, then given up", () => {
    const pauses = [1, 2, 3].map((attempts) => afterFailure(attempts, false, 0.5));
    expect(pauses).toEqual(
      [5_000, 10_000, 20_000].map((pauseMs) => ({ kind: "again", pauseMs, counts: true })),
    );
    expect(afterFailure(PROCESSING.maxAttempts, false, 0.5)).toEqual({ kind: "give_up" });
  });

  it("is no fault of the file when something outside was away, however often", () => {
    expect(afterFailure(100, true, 0.5)).toEqual({ kind: "again", pauseMs: 30_000, counts: false });
  });
});

it("progress only grows from stage to stage and reaches 100 at the end only", () => {
  const steps = [
    progressOf("uploaded"),
    progressOf("parsing"),
    progressOf("chunking"),
    progressOf("embedding"),
    progressOf("embedding", 0.5),
    progressOf("embedding", 1),
    progressOf("indexed"),
  ];
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(steps.indexOf(100)).toBe(steps.length - 1);
});

it("10 MiB are taken, one byte more is not", () => {
  expect(() => refuseTooLarge("a.pdf", 10 * 1024 * 1024)).not.toThrow();
  expect(() => refuseTooLarge("a.pdf", 10 * 1024 * 1024 + 1)).toThrow('"a.pdf" is larger than 10 MB');
});

it("objects lie where the reference says", () =>
  expect(objectKey("T", "D", "F", "pdf")).toBe("T/rag/D/F.pdf"));
