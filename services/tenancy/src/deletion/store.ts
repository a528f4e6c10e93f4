import { type Id, newId, type Person, type TenantId, type Tx } from "@leadmetrics/kit";
import type { Selectable } from "kysely";
import { z } from "zod";
import type { DeletionRow, TenancyDb } from "../db.ts";
import { mayBecome, type Step } from "./rules.ts";

export type Deletion = Selectable<DeletionRow>;
type DbTx = Tx<TenancyDb>;

const LIVE = ["requested", "grace", "erasing", "verifying"] as const;

const storesSchema = z.array(
  z.object({
    name: z.string(),
    rule: z.enum(["erase", "forget", "keep"]),
    reason: z.string(),
    before: z.number(),
    erased: z.number(),
    after: z.number(),
  }),
);
const peopleSchema = z.array(z.object({ userId: z.string(), email: z.string() }));

/** The tenant's deletion that isn't over. */
export function liveDeletion(tx: DbTx, tenantId: string): Promise<Deletion | undefined> {
  return tx
    .selectFrom("tenant_deletion")
    .selectAll()
    .where("about_tenant", "=", tenantId)
    .where("status", "in", LIVE)
    .executeTakeFirst();
}

/** Whether a tenant is being erased or was: nothing of it may come again. */
export async function isErased(tx: DbTx, tenantId: string): Promise<boolean> {
  const found = await tx
    .selectFrom("tenant_deletion")
    .select("id")
    .where("about_tenant", "=", tenantId)
    .where("status", "in", ["erasing", "verifying", "finished"])
    .executeTakeFirst();
  return found !== undefined;
}

/** The tenant's last deletion, whatever became of it. */
export function lastDeletion(tx: DbTx, tenantId: string): Promise<Deletion | undefined> {
  return tx
    .selectFrom("tenant_deletion")
    .selectAll()
    .where("about_tenant", "=", tenantId)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}

export function insertDeletion(
  tx: DbTx,
  deletion: {
    tenantId: TenantId;
    name: string;
    reason: string;
    requestedBy: string;
    eraseAfter: Date;
    previousStatus: "active" | "suspended";
  },
): Promise<Deletion> {
  return tx
    .insertInto("tenant_deletion")
    .values({
      id: newId(),
      about_tenant: deletion.tenantId,
      name: deletion.name,
      status: "requested",
      reason: deletion.reason,
      requested_by: deletion.requestedBy,
      erase_after: deletion.eraseAfter,
      previous_status: deletion.previousStatus,
      empty_since: null,
      ended_on: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Deletions that have something to do now. */
export function dueDeletions(tx: DbTx, now: Date, limit: number): Promise<Deletion[]> {
  return tx
    .selectFrom("tenant_deletion")
    .selectAll()
    .where("status", "in", LIVE)
    .where("next_try", "<=", now)
    .orderBy("next_try")
    .limit(limit)
    .execute();
}

type Change = Partial<
  Pick<
    Deletion,
    | "status"
    | "name"
    | "people"
    | "chain_sequence"
    | "chain_hash"
    | "empty_since"
    | "ended_on"
    | "problem"
    | "next_try"
    | "report"
    | "report_hash"
  >
>;

/** Changes a deletion that is still as it was seen. @returns undefined when somebody else was faster: look again */
export async function changeDeletion(
  tx: DbTx,
  seen: Deletion,
  change: Change,
): Promise<Deletion | undefined> {
  const { status } = change;
  if (status && status !== seen.status && !mayBecome(seen.status, status))
    throw new Error(`a deletion can't become ${status} when it is ${seen.status}`);
  return tx
    .updateTable("tenant_deletion")
    .set((eb) => ({
      ...change,
      ...(change.people === undefined ? {} : { people: JSON.stringify(change.people) }),
      version: eb("version", "+", 1),
    }))
    .where("id", "=", seen.id)
    .where("version", "=", seen.version)
    .where("status", "=", seen.status)
    .returningAll()
    .executeTakeFirst();
}

export async function stepsOf(tx: DbTx, deletionId: string): Promise<Step[]> {
  const rows = await tx
    .selectFrom("tenant_deletion_step")
    .selectAll()
    .where("deletion_id", "=", deletionId)
    .orderBy("position")
    .execute();
  return rows.map(({ holder, status, stores }) => ({ holder, status, stores: storesSchema.parse(stores) }));
}

/** Writes steps, in their order when they are new. */
export async function saveSteps(tx: DbTx, deletionId: string, steps: readonly Step[]): Promise<void> {
  for (const [position, { holder, status, stores }] of steps.entries())
    await tx
      .insertInto("tenant_deletion_step")
      .values({ deletion_id: deletionId, holder, position, status, stores: JSON.stringify(stores) })
      .onConflict((oc) =>
        oc.columns(["deletion_id", "holder"]).doUpdateSet({ status, stores: JSON.stringify(stores) }),
      )
      .execute();
}

export async function saveStep(
  tx: DbTx,
  deletionId: string,
  { holder, status, stores }: Step,
): Promise<void> {
  await tx
    .updateTable("tenant_deletion_step")
    .set({ status, stores: JSON.stringify(stores) })
    .where("deletion_id", "=", deletionId)
    .where("holder", "=", holder)
    .execute();
}

/** The members of a tenant who belong to no other one. */
export async function peopleOfOnly(tx: DbTx, tenantId: string): Promise<Person[]> {
  const rows = await tx
    .selectFrom("tenant_member as member")
    .select(["member.user_id", "member.email"])
    .where("member.tenant_id", "=", tenantId)
    .where(({ not, exists, selectFrom, ref }) =>
      not(
        exists(
          selectFrom("tenant_member as other")
            .select("other.id")
            .where("other.user_id", "=", ref("member.user_id"))
            .where("other.tenant_id", "<>", tenantId),
        ),
      ),
    )
    .orderBy("member.user_id")
    .execute();
  return rows.map((row) => ({ userId: row.user_id as Id, email: row.email }));
}

/** Those noted at the beginning who haven't joined another tenant since. */
export async function peopleStill(tx: DbTx, { people, about_tenant }: Deletion): Promise<Person[]> {
  const noted = peopleSchema.parse(people);
  if (noted.length === 0) return [];
  const elsewhere = await tx
    .selectFrom("tenant_member")
    .select("user_id")
    .where("tenant_id", "<>", about_tenant)
    .where(
      "user_id",
      "in",
      noted.map(({ userId }) => userId),
    )
    .execute();
  const stay = new Set(elsewhere.map((row) => row.user_id));
  return noted
    .filter(({ userId }) => !stay.has(userId))
    .map(({ userId, email }) => ({ userId: userId as Id, email }));
}
