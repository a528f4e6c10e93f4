import type { Lane } from "../runs/rules.ts";

export interface Candidate {
  id: string;
  tenantId: string;
  lane: Lane;
  role: string;
}

/** What keeps one role from taking every worker. */
export interface RoleLoads {
  /** Runs admitted or working, over all tenants. */
  active: ReadonlyMap<string, number>;
  /** Most of them at once; a role without one has no limit of its own. */
  limits: ReadonlyMap<string, number>;
}

const NO_LIMITS: RoleLoads = { active: new Map(), limits: new Map() };

/** What a tenant has already, and how big its share is. */
export interface TenantLoad {
  /** Runs admitted or working. */
  active: number;
  /** By the tenant's plan; 1 is the least. */
  weight: number;
}

/** Of every four admissions, this many may be interactive while batch work waits. */
const INTERACTIVE_OF_FOUR = 3;

/**
 * Who gets the free slots: always the tenant with the least active runs for its weight, so that one with a thousand
 * waiting runs can't keep another one's first run waiting. Within a tenant the given order holds. People's lane goes
 * first, but never takes more than three of four slots from waiting batch work.
 *
 * @param waiting in the order in which each tenant wants its runs done
 * @param tenantActive hard limit of active runs of a tenant of weight 1
 * @param roles runs of a role at its limit wait, the tenant's others don't
 */
export function pickFair(
  waiting: readonly Candidate[],
  loads: ReadonlyMap<string, TenantLoad>,
  free: number,
  tenantActive: number,
  roles: RoleLoads = NO_LIMITS,
): Candidate[] {
  const queues = { interactive: queuesOf(waiting, "interactive"), batch: queuesOf(waiting, "batch") };
  const active = new Map([...loads].map(([tenant, load]) => [tenant, load.active]));
  const weightOf = (tenant: string) => Math.max(1, loads.get(tenant)?.weight ?? 1);
  const ofRole = new Map(roles.active);
  const isFull = (role: string) =>
    (ofRole.get(role) ?? 0) >= (roles.limits.get(role) ?? Number.POSITIVE_INFINITY);
  const picked: Candidate[] = [];

  const take = (lane: Lane): boolean => {
    let best: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [tenant, queue] of queues[lane]) {
      const has = active.get(tenant) ?? 0;
      const share = (has + 1) / weightOf(tenant);
      while (queue[0] && isFull(queue[0].role)) queue.shift();
      if (queue.length > 0 && has < tenantActive * weightOf(tenant) && share < least) {
        best = tenant;
        least = share;
      }
    }
    const next = best === undefined ? undefined : queues[lane].get(best)?.shift();
    if (best === undefined || !next) return false;
    active.set(best, (active.get(best) ?? 0) + 1);
    ofRole.set(next.role, (ofRole.get(next.role) ?? 0) + 1);
    picked.push(next);
    return true;
  };

  while (picked.length < free) {
    const batchTurn = picked.length % 4 >= INTERACTIVE_OF_FOUR;
    const order: Lane[] = batchTurn ? ["batch", "interactive"] : ["interactive", "batch"];
    if (!order.some(take)) break;
  }
  return picked;
}

function queuesOf(waiting: readonly Candidate[], lane: Lane): Map<string, Candidate[]> {
  const queues = new Map<string, Candidate[]>();
  for (const candidate of waiting) {
    if (candidate.lane !== lane) continue;
    const queue = queues.get(candidate.tenantId);
    if (queue) queue.push(candidate);
    else queues.set(candidate.tenantId, [candidate]);
  }
  return queues;
}

/** Jobs that may go into the stream now, so that it stays shallow. */
export function freeCapacity(slots: number, admitted: number, depthPerSlot: number): number {
  return Math.max(0, slots * depthPerSlot - admitted);
}
