import type { TenantTx, Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { AgentsDb, RunRow } from "../db.ts";
import type { WorkGroup } from "../runs/rules.ts";
import { later, nothingReserved } from "../runs/store.ts";
import type { Candidate, TenantLoad } from "./rules.ts";

type SystemTx = Tx<AgentsDb>;

export interface Capacity {
  /** Over all workers of the group that are alive. */
  slots: number;
  /** Runs of the group in the stream, or on their way into it. */
  queued: number;
}

export async function capacityOf(tx: SystemTx, group: WorkGroup, goneMs: number): Promise<Capacity> {
  const { rows } = await sql<Capacity>`
    select
      (select coalesce(sum(slots), 0)::int from agent_worker
        where work_group = ${group} and seen_on > ${later(-goneMs)}) as slots,
      (select count(*)::int from agent_run where work_group = ${group} and status = 'admitted') +
      (select count(*)::int from agent_run
        where work_group = ${group} and status = 'requested' and held_until > now()) as queued`.execute(tx);
  return rows[0] ?? { slots: 0, queued: 0 };
}

/**
 * The first runs of every tenant that has any, at most `perTenant` of each lane: steps from tenant to tenant through the
 * index, so that a tenant with a hundred thousand waiting runs costs as much as one with a few.
 */
export async function candidatesOf(tx: SystemTx, group: WorkGroup, perTenant: number): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    with recursive tenant as (
      (select tenant_id from agent_run where work_group = ${group} and status = 'requested'
        order by tenant_id limit 1)
      union all
      select (select r.tenant_id from agent_run r
        where r.work_group = ${group} and r.status = 'requested' and r.tenant_id > tenant.tenant_id
        order by r.tenant_id limit 1)
      from tenant where tenant.tenant_id is not null
    )
    select run.id, run.tenant_id as "tenantId", run.lane, run.role
    from tenant
    left join tenant_terms terms on terms.tenant_id = tenant.tenant_id
    cross join (values ('interactive'), ('batch')) as lanes (lane)
    cross join lateral (
      select id, tenant_id, lane, role from agent_run
      where work_group = ${group} and tenant_id = tenant.tenant_id and lane = lanes.lane and status = 'requested'
        and not_before <= now() and (held_until is null or held_until < now())
        and not exists (select 1 from agent_pause p
          where (p.about_tenant is null or p.about_tenant = tenant.tenant_id)
            and (p.role is null or p.role = agent_run.role))
      order by id limit ${perTenant}
    ) run
    where tenant.tenant_id is not null and not coalesce(terms.suspended, false)
    order by run.id`.execute(tx);
  return rows;
}

/** How many runs of each role are in work now, over all tenants. */
export async function activeByRole(tx: SystemTx, group: WorkGroup): Promise<Map<string, number>> {
  const { rows } = await sql<{ role: string; active: number }>`
    select role, count(*)::int as active from agent_run
    where work_group = ${group} and (status in ('admitted', 'working') or (status = 'requested' and held_until > now()))
    group by role`.execute(tx);
  return new Map(rows.map(({ role, active }) => [role, active]));
}

/** What tenants have in work now, and their weights. */
export async function loadsOf(tx: SystemTx, tenantIds: readonly string[]): Promise<Map<string, TenantLoad>> {
  const { rows } = await sql<{ tenantId: string } & TenantLoad>`
    select t.id as "tenantId", coalesce(terms.weight, 1) as weight,
      (select count(*)::int from agent_run r where r.tenant_id = t.id
        and (r.status in ('admitted', 'working') or (r.status = 'requested' and r.held_until > now()))) as active
    from unnest(${tenantIds}::uuid[]) as t (id)
    left join tenant_terms terms on terms.tenant_id = t.id`.execute(tx);
  return new Map(rows.map(({ tenantId, active, weight }) => [tenantId, { active, weight }]));
}

/**
 * Takes runs in hand: no other dispatcher looks at them until the hold ends. Their credits count as reserved from here on,
 * so that a run which ends at any later point gives back whatever billing took aside; a free run has none.
 *
 * @param credits of each role
 */
export async function hold(
  tx: SystemTx,
  ids: readonly string[],
  holdMs: number,
  credits: Readonly<Record<string, number>>,
): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`
    update agent_run set held_until = ${later(holdMs)},
      credit_state = case (${JSON.stringify(credits)}::jsonb ->> role)::int when 0 then 'none' else 'reserved' end,
      credits = coalesce((${JSON.stringify(credits)}::jsonb ->> role)::int, 1)
    where id in (
      select id from agent_run where id = any(${ids}::uuid[]) and status = 'requested'
        and (held_until is null or held_until < now())
      for update skip locked)
    returning *`.execute(tx);
  return rows;
}

/** requested → admitted, by the dispatcher that holds it. */
export function admit(
  tx: SystemTx,
  run: Pick<RunRow, "id" | "fence" | "setup_rank">,
  setup: { adapter: RunRow["adapter"]; model: string; rank?: number; fallbackReason?: string },
): Promise<RunRow | undefined> {
  return tx
    .updateTable("agent_run")
    .set((eb) => ({
      adapter: setup.adapter,
      model: setup.model,
      ...(setup.rank === undefined || setup.rank === run.setup_rank
        ? {}
        : {
            setup_rank: setup.rank,
            setup_attempt: eb.ref("attempt"),
            fallback_reason: setup.fallbackReason ?? "",
          }),
      status: "admitted",
      status_since: sql<Date>`now()`,
      fence: eb("fence", "+", 1),
      held_until: null,
      problem: "",
    }))
    .where("id", "=", run.id)
    .where("fence", "=", run.fence)
    .where("status", "=", "requested")
    .returningAll()
    .executeTakeFirst();
}

/**
 * requested → waiting for credits or configuration; nothing stays reserved.
 *
 * @param overCap it is a cap that leaves too little; looked at again after `soonMs` where that isn't 0
 */
export function defer(
  tx: SystemTx,
  run: Pick<RunRow, "id" | "fence">,
  status: "awaiting_credits" | "awaiting_config",
  problem: string,
  overCap?: { readonly soonMs: number },
): Promise<RunRow | undefined> {
  return tx
    .updateTable("agent_run")
    .set({
      status,
      status_since: sql<Date>`now()`,
      problem,
      error_class: overCap ? "budget" : "",
      ...(overCap?.soonMs ? { not_before: later(overCap.soonMs) } : {}),
      held_until: null,
      credit_state: "none",
      credits: 0,
      ...nothingReserved,
    })
    .where("id", "=", run.id)
    .where("fence", "=", run.fence)
    .where("status", "=", "requested")
    .returningAll()
    .executeTakeFirst();
}

/** Whether the tenant got credits since an instant; keeps news of new ones waiting until this transaction has ended. */
export async function creditedSince(tx: TenantTx<AgentsDb>, instant: Date): Promise<boolean> {
  const terms = await tx.selectFrom("tenant_terms").select("credited_on").forUpdate().executeTakeFirst();
  return terms?.credited_on != null && terms.credited_on >= instant;
}

/** Back in the queue, to be looked at again after a while. */
export async function letGo(
  tx: SystemTx,
  run: Pick<RunRow, "id" | "fence">,
  inMs: number,
  problem: string,
): Promise<void> {
  await tx
    .updateTable("agent_run")
    .set({ held_until: null, not_before: later(inMs), problem, ...nothingReserved })
    .where("id", "=", run.id)
    .where("fence", "=", run.fence)
    .where("status", "=", "requested")
    .execute();
}
