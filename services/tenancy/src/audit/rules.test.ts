import { expect, it } from "vitest";
import type { AuditRow } from "../db.ts";
import { brokenAt, entityOf, GENESIS, hashOf, shortened } from "./rules.ts";
import { summaryOf } from "./summaries.ts";

function chain(length: number): AuditRow[] {
  const rows: AuditRow[] = [];
  let previous = GENESIS;
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const row = {
      chain: "c",
      sequence,
      event_id: `e${sequence}`,
      action: "content.plan.approved",
      actor_kind: "user",
      actor_id: "u",
      entity_kind: "plan",
      entity_ref: "r",
      summary: "s",
      trace_id: "t",
      request_id: "q",
      occurred_on: new Date(sequence),
      previous_hash: previous,
    };
    previous = hashOf(row);
    rows.push({ ...row, id: `i${sequence}`, hash: previous });
  }
  return rows;
}

it("an untouched chain is whole", () => expect(brokenAt(chain(5))).toBe(0));

it("a changed entry, a removed one and a swapped pair each show", () => {
  const changed = chain(5);
  const third = changed[2];
  if (third) changed[2] = { ...third, summary: "nothing to see" };
  expect(brokenAt(changed)).toBe(3);
  expect(brokenAt(chain(5).filter((row) => row.sequence !== 2))).toBe(2);
  const [a, b, ...rest] = chain(4);
  expect(brokenAt([b, a, ...rest].filter((row) => row !== undefined))).toBe(1);
});

it("a summary cut in the middle of an emoji comes back from the database as it was hashed", () => {
  const cut = shortened(`${"x".repeat(999)}🍞 and more`);
  expect(cut).toHaveLength(1_000);
  expect(Buffer.from(cut).toString()).toBe(cut);
});

it("an entry says what happened to what", () => {
  const fields = { plan: { ref: "P1", title: "December" } };
  expect(summaryOf("content.plan.approved", fields)).toBe('The plan "December" was approved');
  expect(entityOf("content.plan.approved", fields)).toEqual({ kind: "plan", ref: "P1" });
  expect(summaryOf("content.goal.advanced", {})).toBe("goal advanced");
});
