import { describe, expect, it } from "vitest";
import { readLocal, standingOf, startOf } from "./edit-rules.ts";

const revision = { title: "Rye", body: "It rests.", contentHash: "h1" };
const kept = (body: string, savedOn: string) => ({ title: "Rye", body, baseContentHash: "h0", savedOn });

describe("where an edit begins", () => {
  it("is the draft when nothing was kept, or what was kept is the draft", () => {
    expect(startOf(revision, undefined, undefined)).toMatchObject({ body: "It rests.", base: "h1" });
    expect(startOf(revision, kept("It rests.", "2026-11-21T12:00:00Z"), undefined).keptOn).toBeUndefined();
  });
  it("is what was kept last, on the server or on this machine, with the text it began from", () => {
    const server = kept("On the server.", "2026-11-21T12:00:00Z");
    const local = kept("On this machine.", "2026-11-21T12:01:00Z");
    expect(startOf(revision, server, local)).toMatchObject({ body: "On this machine.", base: "h0" });
    expect(startOf(revision, { ...server, savedOn: "2026-11-21T12:02:00Z" }, local).body).toBe(
      "On the server.",
    );
  });
});

it("tells whether the draft moved on meanwhile", () => {
  const draft = (status: "dm_review" | "client_review", contentHash: string) => ({ status, contentHash });
  expect(standingOf(undefined, "h1")).toBe("same");
  expect(standingOf(draft("dm_review", "h1"), "h1")).toBe("same");
  expect(standingOf(draft("dm_review", "h2"), "h1")).toBe("changed");
  expect(standingOf(draft("client_review", "h1"), "h1")).toBe("gone");
});

it("reads back what a machine kept, and nothing else", () => {
  const one = kept("Mine.", "2026-11-21T12:00:00Z");
  expect(readLocal(JSON.stringify(one))).toEqual(one);
  expect([readLocal("{"), readLocal(null), readLocal('{"title":1}')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
