import { createHash } from "node:crypto";
import type { Counted } from "@leadmetrics/kit";
import type { DeletionStatus } from "../db.ts";

/** How much of a tenant one store had, and has. */
export interface StoreCount {
  readonly name: string;
  readonly rule: Counted["rule"];
  readonly reason: string;
  readonly before: number;
  /** As far as it was reported; what counts is `after`. */
  readonly erased: number;
  readonly after: number;
}

export interface Step {
  /** A service, or "broker". */
  readonly holder: string;
  readonly status: "waiting" | "erased" | "verified";
  readonly stores: readonly StoreCount[];
}

/** What is to be done about a deletion now. */
export type Move = "count" | "wait" | "begin" | "erase" | "verify" | "nothing";

export function nextMove(deletion: { status: DeletionStatus; erase_after: Date }, now: Date): Move {
  switch (deletion.status) {
    case "requested":
      return "count";
    case "grace":
      return deletion.erase_after <= now ? "begin" : "wait";
    case "erasing":
      return "erase";
    case "verifying":
      return "verify";
    default:
      return "nothing";
  }
}

/** Which states follow each; everything else is refused. */
const NEXT: Readonly<Record<DeletionStatus, readonly DeletionStatus[]>> = {
  requested: ["grace", "cancelled"],
  grace: ["erasing", "cancelled"],
  erasing: ["verifying"],
  // Back when something had come again.
  verifying: ["finished", "erasing"],
  finished: [],
  cancelled: [],
};

export function mayBecome(from: DeletionStatus, to: DeletionStatus): boolean {
  return NEXT[from].includes(to);
}

/** The first holder that isn't erased yet. */
export function nextStep(steps: readonly Step[]): Step | undefined {
  return steps.find(({ status }) => status === "waiting");
}

/** A holder's stores as they were counted when erasing began. */
export function countedBefore(counted: readonly Counted[]): StoreCount[] {
  return counted.map(({ name, rule, reason, records }) => ({
    name,
    rule,
    reason,
    before: records,
    erased: 0,
    after: records,
  }));
}

/** The same stores after a call that erased some. */
export function withErased(stores: readonly StoreCount[], erased: readonly Counted[]): StoreCount[] {
  const of = new Map(erased.map(({ name, records }) => [name, records]));
  return merged(stores, erased).map((store) => ({
    ...store,
    erased: store.erased + (of.get(store.name) ?? 0),
    after: Math.max(0, store.after - (of.get(store.name) ?? 0)),
  }));
}

/** The same stores as they were counted when everything should be gone. */
export function countedAfter(stores: readonly StoreCount[], counted: readonly Counted[]): StoreCount[] {
  const of = new Map(counted.map((each) => [each.name, each.records]));
  return merged(stores, counted).map((store) => ({ ...store, after: of.get(store.name) ?? 0 }));
}

/** Stores that weren't there before (a migration meanwhile) come to the end. */
function merged(stores: readonly StoreCount[], counted: readonly Counted[]): StoreCount[] {
  const known = new Set(stores.map(({ name }) => name));
  const late = counted.filter(({ name }) => !known.has(name));
  return [...stores, ...countedBefore(late).map((store) => ({ ...store, before: 0, after: 0 }))];
}

/** Whether nothing is left but what is kept. */
export function isEmpty(counted: readonly Pick<Counted, "rule" | "records">[]): boolean {
  return counted.every(({ rule, records }) => rule === "keep" || records === 0);
}

/** Whether every store has been empty for so long that nothing that was on its way can have come again. */
export function isQuiet(emptySince: Date | null, now: Date, quietMs: number): boolean {
  return emptySince !== null && now.getTime() - emptySince.getTime() >= quietMs;
}

/** What a deletion can't reach, in the report's own words. */
const REMAINS: readonly string[] = [
  "Backups from before the end hold the tenant until they are thrown away.",
  "Events of the platform about people (sign-up, sessions) leave the broker after 14 days and the outboxes after 72 hours.",
  "The platform's audit chain names people by reference only; the references lead nowhere now.",
  "Vectors on disk leave old versions behind for up to 20 minutes; answers kept for an Idempotency-Key, a day.",
];

/** The proof of a deletion. */
export interface Report {
  readonly version: 1;
  readonly deletionRef: string;
  readonly tenantRef: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedOn: string;
  readonly eraseAfter: string;
  readonly finishedOn: string;
  /** Where the tenant's own audit chain ended. */
  readonly auditChain: { readonly entries: number; readonly headHash: string };
  readonly steps: readonly { readonly holder: string; readonly stores: readonly StoreCount[] }[];
  readonly erased: number;
  readonly kept: number;
  readonly stores: number;
  readonly remains: readonly string[];
}

/** The report, its text and the hash of the text. */
export function reportOf(
  facts: Omit<Report, "version" | "steps" | "erased" | "kept" | "stores" | "remains">,
  steps: readonly Step[],
): { report: Report; text: string; hash: string } {
  const all = steps.flatMap(({ stores }) => stores);
  const sum = (some: readonly StoreCount[], of: (store: StoreCount) => number) =>
    some.reduce((total, store) => total + of(store), 0);
  const report: Report = {
    version: 1,
    ...facts,
    steps: steps.map(({ holder, stores }) => ({ holder, stores })),
    erased: sum(
      all.filter(({ rule }) => rule !== "keep"),
      ({ before, erased }) => Math.max(before, erased),
    ),
    kept: sum(
      all.filter(({ rule }) => rule === "keep"),
      ({ after }) => after,
    ),
    stores: all.length,
    remains: REMAINS,
  };
  const text = JSON.stringify(report);
  return { report, text, hash: createHash("sha256").update(text).digest("hex") };
}

/** Names are compared as people write them. */
export function isSameName(asked: string, name: string): boolean {
  const plain = (text: string) => text.trim().replaceAll(/\s+/g, " ").toLowerCase();
  return plain(asked) === plain(name);
}
