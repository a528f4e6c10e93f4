import {
  AppError,
  asTenantId,
  type Database,
  emit,
  failpoint,
  type Id,
  type Logger,
  onCommit,
  type Person,
  type ScheduleDefinition,
  schedule,
  systemCtx,
  type TenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { ReviewerUnassignedSchema, TenantDeletedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { AuditTrail } from "../audit/port.ts";
import type { TenancyDb } from "../db.ts";
import type { Assignments } from "../members/assignments.ts";
import { DELETION_LEASE_MS, DELETION_POLL_MS, DELETION_RETRY_MS } from "../tunables.ts";
import type { Holder } from "./holders.ts";
import {
  countedAfter,
  countedBefore,
  isEmpty,
  isQuiet,
  nextMove,
  nextStep,
  reportOf,
  type Step,
  withErased,
} from "./rules.ts";
import {
  changeDeletion,
  type Deletion,
  dueDeletions,
  peopleOfOnly,
  peopleStill,
  saveStep,
  saveSteps,
  stepsOf,
} from "./store.ts";

export interface SagaDeps {
  readonly db: Database<TenancyDb>;
  readonly holders: readonly Holder[];
  readonly trail: AuditTrail;
  readonly assignments: Assignments;
  readonly log: Logger;
  /** Milliseconds every store has to stay empty. */
  readonly quietMs: number;
}

/** Deletions looked at with one run. */
const AT_ONCE = 20;

/** Takes every deletion as far as it goes; what a process that died left undone goes on where it was. */
export function deletionSchedule(deps: SagaDeps): ScheduleDefinition<TenancyDb> {
  return schedule<TenancyDb>({
    name: "tenancy-deletions",
    every: DELETION_POLL_MS,
    leaseMs: DELETION_LEASE_MS,
    run: async ({ signal }) => {
      const due = await deps.db.withSystem("deletions that go on", (tx) =>
        dueDeletions(tx, new Date(), AT_ONCE),
      );
      for (const deletion of due) {
        if (signal.aborted) return;
        await advance(deps, deletion, signal).catch((error: unknown) => postpone(deps, deletion, error));
      }
    },
  });
}

/** What didn't answer is asked again; a person sees why it takes longer. */
async function postpone({ db, log }: SagaDeps, deletion: Deletion, error: unknown): Promise<void> {
  log.warn({ err: error, deletion: toRef(deletion.id as Id) }, "a deletion doesn't advance for now");
  const problem = error instanceof AppError ? error.message : "A part of the platform doesn't answer.";
  await db.withSystem("a deletion waits", (tx) =>
    tx
      .updateTable("tenant_deletion")
      .set({ problem, next_try: new Date(Date.now() + DELETION_RETRY_MS) })
      .where("id", "=", deletion.id)
      .where("status", "not in", ["finished", "cancelled"])
      .execute(),
  );
}

/** Every move ends with a compare-and-set; who lost it stops, and the next run looks again. */
async function advance(deps: SagaDeps, seen: Deletion, signal: AbortSignal): Promise<void> {
  let deletion: Deletion | undefined = seen;
  while (deletion && !signal.aborted) {
    const ctx = systemCtx("tenancy.deletion", { tenantId: asTenantId(deletion.about_tenant as Id), signal });
    switch (nextMove(deletion, new Date())) {
      case "count":
        deletion = await count(deps, deletion, ctx);
        break;
      case "begin":
        deletion = await begin(deps, deletion, ctx);
        break;
      case "erase":
        deletion = await erase(deps, deletion, ctx);
        break;
      case "verify":
        deletion = await verify(deps, deletion, ctx);
        break;
      default:
        await until(deps, deletion);
        return;
    }
  }
}

/** Looked at again when its grace period is over. */
async function until({ db }: SagaDeps, deletion: Deletion): Promise<void> {
  if (deletion.next_try.getTime() === deletion.erase_after.getTime()) return;
  await db.withSystem("a deletion waits for the end of its grace period", (tx) =>
    changeDeletion(tx, deletion, { next_try: deletion.erase_after }),
  );
}

/** What there is to erase, for whoever decides whether to cancel. */
async function count(deps: SagaDeps, deletion: Deletion, ctx: TenantCtx): Promise<Deletion | undefined> {
  const people = await deps.db.withSystem("people of one tenant only", (tx) =>
    peopleOfOnly(tx, ctx.tenantId),
  );
  const steps = await countAll(deps, ctx, people);
  return deps.db.withSystem("a deletion's first count", async (tx) => {
    const next = await changeDeletion(tx, deletion, { status: "grace", problem: "" });
    if (next) await saveSteps(tx, deletion.id, steps);
    return next;
  });
}

async function countAll({ holders }: SagaDeps, ctx: TenantCtx, people: readonly Person[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const holder of holders)
    steps.push({
      holder: holder.name,
      status: "waiting",
      stores: countedBefore(await holder.count(ctx, people)),
    });
  return steps;
}

/** The point of no return: notes what the end needs. */
async function begin(deps: SagaDeps, deletion: Deletion, ctx: TenantCtx): Promise<Deletion | undefined> {
  const { db, trail } = deps;
  const people = await db.withSystem("people of one tenant only", (tx) => peopleOfOnly(tx, ctx.tenantId));
  const steps = await countAll(deps, ctx, people);
  const head = (await trail.head(ctx.tenantId)) ?? (await trail.list(ctx, newest(ctx)))[0];
  return db.withSystem("erasing begins", async (tx) => {
    const next = await changeDeletion(tx, deletion, {
      status: "erasing",
      people,
      chain_sequence: head?.sequence ?? 0,
      chain_hash: head?.hash ?? "",
      problem: "",
    });
    if (next) await saveSteps(tx, deletion.id, steps);
    return next;
  });
}

const newest = ({ tenantId }: TenantCtx) => ({ chain: tenantId, before: 0, limit: 1 });

/** Takes the tenant away from its reviewers, who could still write into it. Safe to repeat. */
async function unassign({ db, assignments, log }: SagaDeps, ctx: TenantCtx): Promise<void> {
  await db.withTenant(ctx, async (tx) => {
    const gone = await tx.deleteFrom("reviewer_assignment").returning("user_id").execute();
    for (const { user_id } of gone) {
      await emit(
        tx,
        ctx,
        ReviewerUnassignedSchema,
        { userRef: toRef(user_id as Id) },
        { aggregate: user_id },
      );
      onCommit(
        tx,
        () =>
          void assignments
            .tell(user_id)
            .catch((error: unknown) =>
              log.warn({ err: error }, "an end of an assignment goes out with its event only"),
            ),
      );
    }
  });
}

/** One holder after the other, each until it has nothing left. */
async function erase(deps: SagaDeps, deletion: Deletion, ctx: TenantCtx): Promise<Deletion | undefined> {
  const { db, holders } = deps;
  await unassign(deps, ctx);
  const { people, steps } = await db.withSystem("a deletion's steps", async (tx) => ({
    people: await peopleStill(tx, deletion),
    steps: await stepsOf(tx, deletion.id),
  }));
  const step = nextStep(steps);
  if (!step)
    return db.withSystem("everything was erased", (tx) =>
      changeDeletion(tx, deletion, { status: "verifying", empty_since: null, problem: "" }),
    );
  const holder = holders.find(({ name }) => name === step.holder);
  if (!holder) throw new Error(`a deletion knows a holder "${step.holder}" that is none`);
  const { erased, done } = await holder.erase(ctx, people);
  failpoint("tenancy.deletion.erased");
  return db.withSystem("a deletion's step", async (tx) => {
    // The version moves with every call: of two processes that hold the deletion one loses, and erased nothing twice.
    const next = await changeDeletion(tx, deletion, { problem: "" });
    if (next)
      await saveStep(tx, deletion.id, {
        holder: step.holder,
        status: done ? "erased" : "waiting",
        stores: withErased(step.stores, erased),
      });
    return next;
  });
}

/** Counts everything again; what has come back is erased again, and what stays empty is proven. */
async function verify(deps: SagaDeps, deletion: Deletion, ctx: TenantCtx): Promise<Deletion | undefined> {
  const { db, holders, quietMs } = deps;
  const { people, steps } = await db.withSystem("a deletion's steps", async (tx) => ({
    people: await peopleStill(tx, deletion),
    steps: await stepsOf(tx, deletion.id),
  }));
  const verified: Step[] = [];
  for (const holder of holders) {
    const now = await holder.count(ctx, people);
    const before = steps.find((step) => step.holder === holder.name)?.stores ?? [];
    verified.push({
      holder: holder.name,
      status: isEmpty(now) ? "verified" : "waiting",
      stores: countedAfter(before, now),
    });
  }
  const now = new Date();
  const empty = nextStep(verified) === undefined;
  return db.withSystem("a deletion is verified", async (tx) => {
    await saveSteps(tx, deletion.id, verified);
    if (!empty) return changeDeletion(tx, deletion, { status: "erasing", empty_since: null });
    if (isQuiet(deletion.empty_since, now, quietMs)) return finish(tx, deletion, verified, now);
    const since = deletion.empty_since ?? now;
    const next_try = new Date(Math.min(since.getTime() + quietMs, now.getTime() + quietMs));
    await changeDeletion(tx, deletion, { empty_since: since, next_try });
    return undefined;
  });
}

/** The proof, and the one entry of it that stays in the platform's audit chain. */
async function finish(
  tx: Parameters<typeof changeDeletion>[0],
  deletion: Deletion,
  steps: readonly Step[],
  now: Date,
): Promise<Deletion | undefined> {
  const { report, text, hash } = reportOf(
    {
      deletionRef: toRef(deletion.id as Id),
      tenantRef: toRef(deletion.about_tenant as Id),
      reason: deletion.reason,
      requestedBy: deletion.requested_by,
      requestedOn: deletion.requested_on.toISOString(),
      eraseAfter: deletion.erase_after.toISOString(),
      finishedOn: now.toISOString(),
      auditChain: { entries: deletion.chain_sequence, headHash: deletion.chain_hash },
    },
    steps,
  );
  const done = await changeDeletion(tx, deletion, {
    status: "finished",
    name: "",
    people: [],
    ended_on: now,
    problem: "",
    report: text,
    report_hash: hash,
  });
  if (!done) return undefined;
  await emit(
    tx,
    systemCtx("tenancy.deletion"),
    TenantDeletedSchema,
    {
      deletionRef: report.deletionRef,
      tenantRef: report.tenantRef,
      recordsErased: BigInt(report.erased),
      recordsKept: BigInt(report.kept),
      stores: report.stores,
      reportHash: hash,
    },
    { aggregate: deletion.id },
  );
  return undefined;
}
