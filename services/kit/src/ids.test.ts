import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AppError } from "./errors.ts";
import { fromRef, type Id, isId, newId, toRef, tryFromRef } from "./ids.ts";

const ids = fc.uuid().map((uuid) => uuid as Id);

describe("an id and its reference", () => {
  it("are two spellings of the same 128 bits", () => {
    fc.assert(fc.property(ids, (id) => fromRef(toRef(id)) === id && fromRef(toRef(id).toLowerCase()) === id));
  });

  it("sort alike", () => {
    fc.assert(fc.property(ids, ids, (a, b) => a < b === toRef(a) < toRef(b)));
  });

  it("are UUID v7, growing even within a millisecond and when the clock steps back", () => {
    const made = [...Array.from({ length: 5_000 }, () => newId(2_000_000_000_000)), newId(1_000)];
    expect(made.every((id) => isId(id) && id.charAt(14) === "7")).toBe(true);
    expect(made).toEqual([...new Set(made)].sort());
  });
});

describe("what is no reference", () => {
  it("stands for nothing, whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const id = tryFromRef(text);
        return id === undefined || toRef(id) === text.toUpperCase();
      }),
    );
    expect(tryFromRef("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")).toBeUndefined();
  });

  it("looks to a caller like a record that isn't there", () => {
    expect(() => fromRef("nonsense", "plan")).toThrow(
      expect.objectContaining<Partial<AppError>>({
        kind: "not_found",
        message: expect.stringContaining("plan"),
      }),
    );
  });
});
