import { asTenantId, type Id, systemCtx } from "@leadmetrics/kit";
import { adapterOf, type ChannelDeps, healthOf, setHealth } from "./rpc.ts";

const HOUR = 3_600_000;

/** Every number of looking at channels ahead; milliseconds unless the name says otherwise. */
export const WATCH = {
  pollMs: 60_000,
  /** A channel is asked when something goes out there within this time: who has to mend it has a working day for it. */
  aheadMs: 36 * HOUR,
  /** A yes that is younger than this is believed. */
  staleMs: 6 * HOUR,
  /** A channel that didn't take us is asked again after this: sites are away for a while and come back. */
  againMs: HOUR / 4,
  /** Channels asked at a time. */
  batch: 20,
} as const;

/**
 * Asks the channels to which something approved goes out soon whether they still take us: a password that was withdrawn or
 * has expired is found out before the moment, not at it. Safe with many replicas: who comes second finds a young answer.
 */
export async function testAhead(deps: ChannelDeps, signal: AbortSignal, now = new Date()): Promise<void> {
  const due = await deps.db.withSystem("find channels that are needed soon", (tx) =>
    tx
      .selectFrom("publication")
      .innerJoin("channel", "channel.id", "publication.channel_id")
      .select(({ fn }) => [
        "channel.id",
        "channel.tenant_id",
        fn.min<Date>("publication.next_try").as("needed_on"),
      ])
      .where("publication.status", "=", "prepared")
      .where("publication.next_try", ">", now)
      .where("publication.next_try", "<=", new Date(now.getTime() + WATCH.aheadMs))
      .where("channel.status", "!=", "disconnected")
      .where(({ or, eb }) =>
        or([
          eb("channel.tested_on", "is", null),
          eb("channel.tested_on", "<=", new Date(now.getTime() - WATCH.staleMs)),
          eb.and([
            eb("channel.status", "!=", "connected"),
            eb("channel.tested_on", "<=", new Date(now.getTime() - WATCH.againMs)),
          ]),
        ]),
      )
      .groupBy(["channel.id", "channel.tenant_id"])
      .orderBy("needed_on")
      .limit(WATCH.batch)
      .execute(),
  );
  for (const { id, tenant_id, needed_on } of due) {
    if (signal.aborted) return;
    const ctx = systemCtx("channel-watch", { tenantId: asTenantId(tenant_id as Id), signal });
    const row = await deps.db.withTenant(
      ctx,
      (tx) => tx.selectFrom("channel").selectAll().where("id", "=", id).executeTakeFirst(),
      { readOnly: true },
    );
    if (!row?.sealed_credentials) continue;
    const health = healthOf(await adapterOf(deps, row).test(signal));
    // A site that is away comes back by itself; a password that isn't taken any more needs a person.
    const isLost = health.status === "expired" && row.status !== "expired";
    await setHealth(deps.db, ctx, id, health, isLost ? needed_on : undefined);
  }
}
