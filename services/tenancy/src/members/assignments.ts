import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  asService,
  assignedKey,
  type Ctx,
  type Database,
  emit,
  errors,
  fromRef,
  type Id,
  type Nats,
  newId,
  onCommit,
  RIGHTS_BUCKET,
  type RpcClients,
  type ServedService,
  service,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { PlatformRole } from "@leadmetrics/proto/identity/v1/auth";
import { UsersService } from "@leadmetrics/proto/identity/v1/users";
import {
  ReviewerAssignedSchema,
  ReviewerUnassignedSchema,
} from "@leadmetrics/proto/tenancy/events/v1/events";
import { AssignmentsService } from "@leadmetrics/proto/tenancy/v1/members";
import type { TenancyDb } from "../db.ts";
import { actorText } from "../views.ts";

/** Which tenants reviewers have, told to every verifier through the bucket they watch. */
export class Assignments {
  readonly #db: Database<TenancyDb>;
  readonly #nats: Nats;

  constructor(db: Database<TenancyDb>, nats: Nats) {
    this.#db = db;
    this.#nats = nats;
  }

  /** Writes a reviewer's tenants as they are now. Safe to repeat. */
  async tell(userId: string): Promise<void> {
    const rows = await this.#db.withSystem("a reviewer's tenants", (tx) =>
      tx
        .selectFrom("reviewer_assignment")
        .select("tenant_id")
        .where("user_id", "=", userId)
        .orderBy("tenant_id")
        .execute(),
    );
    await this.#put(
      userId,
      rows.map((row) => row.tenant_id),
    );
  }

  /** Writes all reviewers' tenants, should the bucket have lost them. */
  async tellAll(): Promise<void> {
    const rows = await this.#db.withSystem("all reviewers' tenants", (tx) =>
      tx.selectFrom("reviewer_assignment").select(["user_id", "tenant_id"]).orderBy("tenant_id").execute(),
    );
    const byUser = Map.groupBy(rows, (row) => row.user_id);
    for (const [userId, own] of byUser)
      await this.#put(
        userId,
        own.map((row) => row.tenant_id),
      );
  }

  async #put(userId: string, tenantIds: readonly string[]): Promise<void> {
    const kv = await this.#nats.kv(RIGHTS_BUCKET);
    await kv.put(assignedKey(toRef(userId as Id)), JSON.stringify(tenantIds.map((id) => toRef(id as Id))));
  }
}

export function assignmentsService(
  db: Database<TenancyDb>,
  rpc: RpcClients,
  assignments: Assignments,
): ServedService {
  const users = rpc.client(UsersService, "identity");
  const tellSoon = (ctx: Ctx, userId: Id) =>
    void assignments
      .tell(userId)
      .catch((error: unknown) => ctx.log.warn({ err: error }, "an assignment goes out with its event only"));
  return service(AssignmentsService, {
    async listAssignments(_request, hc) {
      const ctx = tenantCtx(hc);
      const rows = await db.withTenant(
        ctx,
        (tx) => tx.selectFrom("reviewer_assignment").selectAll().execute(),
        { readOnly: true },
      );
      if (rows.length === 0) return {};
      const found = await users.batchGetUsers(
        { userRefs: rows.map((row) => toRef(row.user_id as Id)) },
        asService(ctx),
      );
      const byRef = new Map(found.users.map((user) => [user.ref, user]));
      return {
        assignments: rows.map((row) => {
          const user = byRef.get(toRef(row.user_id as Id));
          return {
            userRef: toRef(row.user_id as Id),
            email: user?.email,
            name: user?.name,
            assignedOn: timestampFromDate(row.assigned_on),
          };
        }),
      };
    },

    async assignReviewer(request, hc) {
      const ctx = tenantCtx(hc);
      const userId = fromRef(request.userRef, "reviewer");
      const {
        users: [user],
      } = await users.batchGetUsers({ userRefs: [request.userRef] }, asService(ctx));
      if (user?.platformRole !== PlatformRole.REVIEWER) throw errors.notFound("reviewer");
      await db.withTenant(ctx, async (tx) => {
        const tenant = await tx
          .selectFrom("tenant")
          .select("id")
          .where("id", "=", ctx.tenantId)
          .executeTakeFirst();
        if (!tenant) throw errors.notFound("tenant");
        const added = await tx
          .insertInto("reviewer_assignment")
          .values({
            id: newId(),
            tenant_id: ctx.tenantId,
            user_id: userId,
            assigned_by: actorText(ctx.actor),
          })
          .onConflict((oc) => oc.columns(["tenant_id", "user_id"]).doNothing())
          .returning("id")
          .executeTakeFirst();
        if (!added) return;
        await emit(tx, ctx, ReviewerAssignedSchema, { userRef: request.userRef }, { aggregate: userId });
        onCommit(tx, () => tellSoon(ctx, userId));
      });
      return {};
    },

    async unassignReviewer(request, hc) {
      const ctx = tenantCtx(hc);
      const userId = fromRef(request.userRef, "reviewer");
      await db.withTenant(ctx, async (tx) => {
        const gone = await tx
          .deleteFrom("reviewer_assignment")
          .where("user_id", "=", userId)
          .executeTakeFirst();
        if (gone.numDeletedRows === 0n) return;
        await emit(tx, ctx, ReviewerUnassignedSchema, { userRef: request.userRef }, { aggregate: userId });
        onCommit(tx, () => tellSoon(ctx, userId));
      });
      return {};
    },
  });
}
