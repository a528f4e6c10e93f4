import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Candidate, freeCapacity, pickFair, type TenantLoad } from "./rules.ts";

const ACTIVE_LIMIT = 32;
const queue = (
  tenantId: string,
  count: number,
  lane: Candidate["lane"] = "batch",
  role = "blog-writer",
): Candidate[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${tenantId}${index}`, tenantId, lane, role }));
const counts = (picked: readonly Candidate[]) =>
  Object.fromEntries([...Map.groupBy(picked, (run) => run.tenantId)].map(([id, runs]) => [id, runs.length]));

describe("fair admission", () => {
  it("gives a newcomer its turn beside one with a thousand waiting runs", () => {
    const picked = pickFair(
      [...queue("big", 1_000), ...queue("new", 1)],
      new Map([["big", { active: 0, weight: 1 }]]),
      2,
      ACTIVE_LIMIT,
    );
    expect(counts(picked)).toEqual({ big: 1, new: 1 });
  });

  it("looks at what tenants have in work already", () => {
    const loads = new Map([["busy", { active: 6, weight: 1 }]]);
    expect(counts(pickFair([...queue("busy", 10), ...queue("idle", 10)], loads, 6, ACTIVE_LIMIT))).toEqual({
      idle: 6,
    });
  });

  it("shares by the weight of the plan", () => {
    const loads = new Map<string, TenantLoad>([
      ["a", { active: 0, weight: 1 }],
      ["b", { active: 0, weight: 3 }],
    ]);
    expect(counts(pickFair([...queue("a", 100), ...queue("b", 100)], loads, 40, ACTIVE_LIMIT))).toEqual({
      a: 10,
      b: 30,
    });
  });

  it("lets no role go over its limit, and its tenants' other work past it", () => {
    const waiting = [...queue("a", 5, "batch", "activity-planner"), ...queue("a", 5), ...queue("b", 5)];
    const roles = { active: new Map([["activity-planner", 2]]), limits: new Map([["activity-planner", 3]]) };
    const picked = pickFair(waiting, new Map(), 8, ACTIVE_LIMIT, roles);
    expect(picked.filter((run) => run.role === "activity-planner")).toHaveLength(1);
    expect(counts(picked)).toEqual({ a: 4, b: 4 });
  });

  it("puts people first, and keeps one of four places for the bulk", () => {
    const picked = pickFair(
      [...queue("a", 50), ...queue("b", 50, "interactive")],
      new Map(),
      8,
      ACTIVE_LIMIT,
    );
    expect(counts(picked)).toEqual({ b: 6, a: 2 });
    expect(picked[0]?.lane).toBe("interactive");
  });

  it("is fair for any queue: a tenant's one run is never behind the crowd's second", () => {
    const crowd = fc.array(
      fc.record({ waiting: fc.integer({ min: 1, max: 1_000 }), weight: fc.integer({ min: 1, max: 8 }) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(crowd, (tenants) => {
        const waiting = [
          ...tenants.flatMap((each, index) => queue(`t${index}-`, each.waiting)),
          ...queue("new", 1),
        ];
        const loads = new Map(
          tenants.map((each, index) => [`t${index}-`, { active: each.weight, weight: each.weight }]),
        );
        // The crowd has its share already: the very next place is the newcomer's.
        expect(pickFair(waiting, loads, 1, ACTIVE_LIMIT)[0]?.tenantId).toBe("new");
        // And of an empty house it gets one place of as many as there are weights.
        const empty = new Map([...loads].map(([id, load]) => [id, { ...load, active: 0 }]));
        const weights = tenants.reduce((sum, each) => sum + each.weight, 1);
        expect(counts(pickFair(waiting, empty, weights, ACTIVE_LIMIT)).new).toBe(1);
      }),
    );
  });

  it("shares any number of places by weight, give or take one", () => {
    const weights = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 100 }), (all, free) => {
        const waiting = all.flatMap((_, index) => queue(`t${index}-`, free));
        const loads = new Map(all.map((weight, index) => [`t${index}-`, { active: 0, weight }]));
        const got = counts(pickFair(waiting, loads, free, 1_000));
        const shares = all.map((weight, index) => ({ got: got[`t${index}-`] ?? 0, weight }));
        // Nobody could be given one more and still have less for its weight than somebody else has now.
        const most = Math.max(...shares.map((share) => share.got / share.weight));
        for (const share of shares) expect((share.got + 1) / share.weight).toBeGreaterThanOrEqual(most);
      }),
    );
  });

  it("gives the bulk one of any four places in a row while both lanes wait, and people the other three", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 60 }), fc.integer({ min: 1, max: 4 }), (free, tenants) => {
        const waiting = Array.from({ length: tenants }, (_, index) => [
          ...queue(`t${index}b`, free),
          ...queue(`t${index}i`, free, "interactive"),
        ]).flat();
        const lanes = pickFair(waiting, new Map(), free, 1_000).map((run) => run.lane);
        for (let at = 0; at + 4 <= lanes.length; at++) {
          expect(lanes.slice(at, at + 4).filter((lane) => lane === "batch")).toHaveLength(1);
        }
      }),
    );
  });

  it("holds for any queue: as many as there is room for, nobody over the limit, each tenant in its own order", () => {
    const tenant = fc.record({
      waiting: fc.integer({ min: 0, max: 60 }),
      active: fc.integer({ min: 0, max: 40 }),
      weight: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(fc.array(tenant, { maxLength: 6 }), fc.integer({ min: 0, max: 80 }), (tenants, free) => {
        const waiting = tenants.flatMap((each, index) => queue(`t${index}-`, each.waiting));
        const loads = new Map(
          tenants.map((each, index) => [`t${index}-`, { active: each.active, weight: each.weight }]),
        );
        const picked = pickFair(waiting, loads, free, ACTIVE_LIMIT);
        const room = tenants.reduce(
          (sum, each) => sum + Math.max(0, Math.min(each.waiting, ACTIVE_LIMIT * each.weight - each.active)),
          0,
        );
        expect(picked).toHaveLength(Math.min(free, room));
        expect(new Set(picked.map((run) => run.id)).size).toBe(picked.length);
        for (const [id] of loads) {
          const own = picked.filter((run) => run.tenantId === id).map((run) => run.id);
          expect(own).toEqual(own.map((_, index) => `${id}${index}`));
        }
      }),
    );
  });
});

it("the queue before the workers stays shallow, and never owes anything", () => {
  expect([
    freeCapacity(16, 0, 2),
    freeCapacity(16, 30, 2),
    freeCapacity(0, 0, 2),
    freeCapacity(4, 20, 2),
  ]).toEqual([32, 2, 0, 0]);
});
