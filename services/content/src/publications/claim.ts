import type { TenantCtx, TenantTx } from "@leadmetrics/kit";
import type { ChannelDeps } from "../channels/rpc.ts";
import type { ActivityRow, ChannelRow, ContentDb, PublicationRow, RevisionRow } from "../db.ts";
import { lockActivity } from "../production/transition.ts";
import { isSuspended } from "../tenants/standing.ts";
import { mayGoOut, nextMove } from "./rules.ts";
import { followPublications, writeFenced } from "./store.ts";
import { TUNABLES } from "./tunables.ts";

export interface Claimed {
  readonly publication: PublicationRow;
  readonly channel: ChannelRow;
  readonly revision: RevisionRow;
}

const NOT_KNOWN = "It isn't known yet whether the channel took it.";

/** Takes the lease of a publication that is still in the state that was seen. */
export async function claim(
  deps: ChannelDeps,
  ctx: TenantCtx,
  id: string,
  from: PublicationRow["status"],
  to: PublicationRow["status"],
): Promise<Claimed | undefined> {
  return deps.db.withTenant(ctx, async (tx) => {
    const now = new Date();
    const seen = await tx
      .selectFrom("publication")
      .selectAll()
      .where("id", "=", id)
      .forUpdate()
      .executeTakeFirst();
    if (!seen || seen.status !== from || nextMove(seen, now) === "wait") return undefined;
    const channel = await tx
      .selectFrom("channel")
      .selectAll()
      .where("id", "=", seen.channel_id)
      .executeTakeFirstOrThrow();
    const revision = await tx
      .selectFrom("revision")
      .selectAll()
      .where("id", "=", seen.revision_id)
      .executeTakeFirstOrThrow();
    const activity = await lockActivity(tx, seen.activity_id);
    if (to === "sending" && !(await mayBeSent(tx, activity, seen))) return undefined;
    const publication = await tx
      .updateTable("publication")
      .set((eb) => ({
        status: to,
        fence: eb("fence", "+", 1),
        attempts: to === "sending" ? eb("attempts", "+", 1) : eb.ref("attempts"),
        problem: from === to ? eb.ref("problem") : to === "sending" ? "" : NOT_KNOWN,
        lease_until: new Date(now.getTime() + TUNABLES.leaseMs),
        updated_on: now,
      }))
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await followPublications(tx, ctx, activity);
    return { publication, channel, revision };
  });
}

/** Whether a publication may go out now; one that was changed or held since its approval waits until the activity asks again. */
async function mayBeSent(
  tx: TenantTx<ContentDb>,
  activity: ActivityRow,
  seen: PublicationRow,
): Promise<boolean> {
  if (await isSuspended(tx)) return false;
  const plan = await tx
    .selectFrom("deliverable_plan")
    .select("status")
    .where("id", "=", activity.plan_id)
    .executeTakeFirstOrThrow();
  const approvals = await tx
    .selectFrom("approval")
    .select(["step", "decision", "content_hash"])
    .where("activity_id", "=", activity.id)
    .execute();
  const target = await tx
    .selectFrom("activity_target")
    .select("decision")
    .where("activity_id", "=", activity.id)
    .where("channel_id", "=", seen.channel_id)
    .executeTakeFirst();
  const may = mayGoOut({
    planStatus: plan.status,
    activityStatus: activity.status,
    activityHash: activity.content_hash,
    publicationHash: seen.content_hash,
    decision: target?.decision ?? "declined",
    approvals,
  });
  if (!may)
    await tx
      .updateTable("publication")
      .set({ next_try: new Date(Date.now() + TUNABLES.leaseMs) })
      .where("id", "=", seen.id)
      .execute();
  return may;
}

/** Keeps the lease while a channel takes its time; ends the call when somebody else holds the publication by now. */
export async function whileOurs<T>(
  deps: ChannelDeps,
  ctx: TenantCtx,
  publication: PublicationRow,
  call: (ctx: TenantCtx) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const beat = setInterval(() => {
    const lease_until = new Date(Date.now() + TUNABLES.leaseMs);
    deps.db
      .withTenant(ctx, (tx) => writeFenced(tx, publication, { lease_until }))
      .then((row) => row ?? lost.abort(new Error("the publication is in other hands")))
      .catch((error: unknown) => ctx.log.warn({ err: error }, "a publication's lease could not be extended"));
  }, TUNABLES.beatMs);
  try {
    return await call({ ...ctx, signal: AbortSignal.any([ctx.signal, lost.signal]) });
  } finally {
    clearInterval(beat);
  }
}
