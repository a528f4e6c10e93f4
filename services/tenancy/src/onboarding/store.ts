import { emit, newId, type TenantCtx, type TenantTx } from "@leadmetrics/kit";
import { OnboardingChangedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { sql, type UpdateObject } from "kysely";
import type { TenancyDb } from "../db.ts";
import { actorText } from "../views.ts";
import { type SettledState, type Step, type Steps, statusAfter } from "./rules.ts";
import { type OnboardingRow, onboardingView } from "./view.ts";

type Tx = TenantTx<TenancyDb>;

export function findOnboarding(tx: Tx): Promise<OnboardingRow | undefined> {
  return tx.selectFrom("onboarding_run").selectAll().executeTakeFirst();
}

/** The company's onboarding, locked; undefined when it has none. */
export function lockOnboarding(tx: Tx): Promise<OnboardingRow | undefined> {
  return tx.selectFrom("onboarding_run").selectAll().forUpdate().executeTakeFirst();
}

/** {@link lockOnboarding} that makes it when there is none. */
export async function beginOnboarding(tx: Tx, ctx: TenantCtx): Promise<OnboardingRow> {
  await tx
    .insertInto("onboarding_run")
    .values({ id: newId(), tenant_id: ctx.tenantId, created_by: actorText(ctx.actor) })
    .onConflict((conflict) => conflict.column("tenant_id").doNothing())
    .execute();
  return tx.selectFrom("onboarding_run").selectAll().forUpdate().executeTakeFirstOrThrow();
}

/** Writes a locked onboarding and says so. */
export async function writeOnboarding(
  tx: Tx,
  ctx: TenantCtx,
  row: OnboardingRow,
  values: UpdateObject<TenancyDb, "onboarding_run">,
): Promise<OnboardingRow> {
  const written = await tx
    .updateTable("onboarding_run")
    .set({
      ...values,
      updated_by: actorText(ctx.actor),
      updated_on: sql<Date>`now()`,
      version: row.version + 1,
    })
    .where("id", "=", row.id)
    .where("version", "=", row.version)
    .returningAll()
    .executeTakeFirstOrThrow();
  await emit(
    tx,
    ctx,
    OnboardingChangedSchema,
    { onboarding: onboardingView(written, false) },
    { aggregate: `onboarding:${ctx.tenantId}` },
  );
  return written;
}

/** The steps after one was settled, or opened again, with what that makes of the whole. */
export function withStep(
  ctx: TenantCtx,
  row: Pick<OnboardingRow, "steps" | "status">,
  step: Step,
  state: SettledState | undefined,
): { steps: string; status: OnboardingRow["status"] } {
  const steps: Steps = { ...row.steps };
  if (state) steps[step] = { state, on: new Date().toISOString(), by: actorText(ctx.actor) };
  else delete steps[step];
  return { steps: JSON.stringify(steps), status: statusAfter(row.status, steps) };
}

/** A step that was done elsewhere is done, in a company that has begun its onboarding. */
export async function settleForGood(tx: Tx, ctx: TenantCtx, step: Step): Promise<void> {
  const row = await lockOnboarding(tx);
  if (row && row.steps[step]?.state !== "done")
    await writeOnboarding(tx, ctx, row, withStep(ctx, row, step, "done"));
}
