import {
  asTenantId,
  continueTrace,
  emit,
  failpoint,
  type Id,
  systemCtx,
  type TenantCtx,
} from "@leadmetrics/kit";
import {
  PublicationFailedSchema,
  PublicationUnconfirmedSchema,
} from "@leadmetrics/proto/content/events/v1/events";
import type { LookupResult, SendResult } from "../channels/port.ts";
import { adapterOf, type ChannelDeps, setHealth } from "../channels/rpc.ts";
import type { PublicationRow } from "../db.ts";
import { lockActivity } from "../production/transition.ts";
import { viewOf } from "../targets/store.ts";
import { publicationView, refOf } from "../views.ts";
import { type Claimed, claim, whileOurs } from "./claim.ts";
import { afterAbsence, nextMove } from "./rules.ts";
import { confirm, followPublications, writeFenced } from "./store.ts";
import { TUNABLES } from "./tunables.ts";

/** Does what is due, over all tenants; safe with many replicas, each publication is one's at a time. */
export async function publishDue(deps: ChannelDeps, signal: AbortSignal): Promise<void> {
  const due = await deps.db.withSystem("find due publications", (tx) =>
    tx
      .selectFrom("publication")
      .select(["id", "tenant_id", "status", "lease_until", "next_try", "traceparent"])
      .where("status", "in", ["prepared", "sending", "accepted", "unconfirmed"])
      .where("next_try", "<=", new Date())
      // Nothing new goes out for a suspended tenant; what was being sent is still settled.
      .where(({ or, eb, not, exists, selectFrom, ref }) =>
        or([
          eb("status", "<>", "prepared"),
          not(
            exists(
              selectFrom("tenant_standing")
                .select("tenant_standing.tenant_id")
                .where("tenant_standing.tenant_id", "=", ref("publication.tenant_id"))
                .where("suspended", "=", true),
            ),
          ),
        ]),
      )
      .orderBy("next_try")
      .limit(TUNABLES.batch)
      .execute(),
  );
  for (const row of due) {
    if (signal.aborted) return;
    const move = nextMove(row, new Date());
    if (move === "wait") continue;
    const ctx = systemCtx("publisher", { tenantId: asTenantId(row.tenant_id as Id), signal });
    await continueTrace(`publish: ${move.replace("_", " ")}`, row.traceparent, () =>
      MOVES[move](deps, ctx, row.id),
    );
  }
}

const MOVES = { send, look_up: lookUp, confirm: (deps, ctx, id) => settle(deps, ctx, id) } satisfies Record<
  string,
  (deps: ChannelDeps, ctx: TenantCtx, id: string) => Promise<void>
>;

async function send(deps: ChannelDeps, ctx: TenantCtx, id: string): Promise<void> {
  const claimed = await claim(deps, ctx, id, "prepared", "sending");
  if (!claimed) return;
  const { publication, channel, revision } = claimed;
  failpoint("content.publish.before-send");
  const result = await whileOurs(deps, ctx, publication, (own) => trySend(deps, own, claimed));
  failpoint("content.publish.sent");
  switch (result.kind) {
    case "accepted":
      // The remote id is stored before anything else is waited for.
      await deps.db.withTenant(ctx, (tx) =>
        writeFenced(tx, publication, { status: "accepted", remote_id: result.remoteId, url: result.url }),
      );
      failpoint("content.publish.stored");
      return settle(deps, ctx, id, true);
    case "retryable":
      if (publication.attempts < TUNABLES.maxAttempts) {
        await deps.db.withTenant(ctx, (tx) =>
          writeFenced(tx, publication, {
            status: "prepared",
            lease_until: null,
            next_try: new Date(Date.now() + result.afterMs),
            problem: result.problem,
          }),
        );
        return;
      }
      return fail(deps, ctx, publication, result.problem);
    case "refused":
      if (result.reason === "wrong_credentials")
        await setHealth(deps.db, ctx, channel.id, { status: "expired", problem: result.problem });
      return fail(deps, ctx, publication, result.problem);
    case "unclear":
      ctx.log.warn(
        { publication: refOf(publication.id), revision: refOf(revision.id) },
        "it isn't known whether the channel took it",
      );
      return becomeUnconfirmed(deps, ctx, publication, result.problem);
  }
}

async function trySend(
  deps: ChannelDeps,
  ctx: TenantCtx,
  { publication, channel, revision }: Claimed,
): Promise<SendResult> {
  try {
    const post = {
      mark: refOf(publication.id),
      title: revision.title,
      body: revision.body,
      excerpt: revision.excerpt,
      slug: publication.slug,
    };
    return await adapterOf(deps, channel).publish(post, ctx.signal);
  } catch (error) {
    return {
      kind: "refused",
      reason: "invalid",
      problem: error instanceof Error ? error.message : "The channel can't be used.",
    };
  }
}

/** Finds out whether a publication whose fate isn't known is there. */
async function lookUp(deps: ChannelDeps, ctx: TenantCtx, id: string): Promise<void> {
  const claimed =
    (await claim(deps, ctx, id, "unconfirmed", "unconfirmed")) ??
    (await claim(deps, ctx, id, "sending", "unconfirmed"));
  if (!claimed) return;
  const { publication } = claimed;
  const result = await whileOurs(deps, ctx, publication, (own) => tryLookup(deps, own, claimed));
  if (result.kind === "found") {
    await deps.db.withTenant(ctx, (tx) =>
      writeFenced(tx, publication, { status: "accepted", remote_id: result.remoteId, url: result.url }),
    );
    return settle(deps, ctx, id, true);
  }
  const next = result.kind === "absent" ? afterAbsence(publication.lookups) : undefined;
  if (next?.kind === "sure") {
    // It isn't there: approved again, and sent anew.
    await deps.db.withTenant(ctx, async (tx) => {
      const done = await writeFenced(tx, publication, {
        status: "prepared",
        lookups: 0,
        attempts: 0,
        lease_until: null,
        next_try: new Date(),
        problem: "",
      });
      if (done) await followPublications(tx, ctx, await lockActivity(tx, publication.activity_id));
    });
    return;
  }
  const lookups = publication.lookups + 1;
  const problem = result.kind === "unknown" ? result.problem : publication.problem;
  const pause = next?.inMs ?? TUNABLES.lookupPausesMs[2];
  // When the channel can't tell after many tries, it stays here until a person settles it.
  const nextTry = lookups >= TUNABLES.lookupsBeforePerson ? TUNABLES.never : new Date(Date.now() + pause);
  await deps.db.withTenant(ctx, async (tx) => {
    const change = { lookups, problem, lease_until: null, next_try: nextTry };
    if (await writeFenced(tx, publication, change))
      await followPublications(tx, ctx, await lockActivity(tx, publication.activity_id));
  });
}

async function tryLookup(
  deps: ChannelDeps,
  ctx: TenantCtx,
  { publication, channel }: Claimed,
): Promise<LookupResult> {
  try {
    return await adapterOf(deps, channel).lookup(
      { mark: refOf(publication.id), slug: publication.slug },
      ctx.signal,
    );
  } catch (error) {
    // Disconnected meanwhile: only a person can look now.
    return {
      kind: "unknown",
      problem: error instanceof Error ? error.message : "The channel can't be asked.",
    };
  }
}

/** Confirms what the channel has accepted. */
async function settle(deps: ChannelDeps, ctx: TenantCtx, id: string, mine = false): Promise<void> {
  await deps.db.withTenant(ctx, async (tx) => {
    const row = await tx
      .selectFrom("publication")
      .selectAll()
      .where("id", "=", id)
      .forUpdate()
      .executeTakeFirst();
    if (row?.status === "accepted" && (mine || nextMove(row, new Date()) === "confirm"))
      await confirm(tx, ctx, row);
  });
}

async function fail(
  deps: ChannelDeps,
  ctx: TenantCtx,
  publication: PublicationRow,
  problem: string,
): Promise<void> {
  await deps.db.withTenant(ctx, async (tx) => {
    const row = await writeFenced(tx, publication, { status: "failed", lease_until: null, problem });
    if (!row) return;
    const activity = await followPublications(tx, ctx, await lockActivity(tx, publication.activity_id));
    await emit(
      tx,
      ctx,
      PublicationFailedSchema,
      { activity: await viewOf(tx, activity), publication: publicationView(row) },
      { aggregate: activity.id },
    );
  });
}

async function becomeUnconfirmed(
  deps: ChannelDeps,
  ctx: TenantCtx,
  publication: PublicationRow,
  problem: string,
): Promise<void> {
  await deps.db.withTenant(ctx, async (tx) => {
    const row = await writeFenced(tx, publication, {
      status: "unconfirmed",
      lease_until: null,
      problem,
      next_try: new Date(Date.now() + TUNABLES.lookupPausesMs[0]),
    });
    if (!row) return;
    const activity = await followPublications(tx, ctx, await lockActivity(tx, publication.activity_id));
    await emit(
      tx,
      ctx,
      PublicationUnconfirmedSchema,
      { activity: await viewOf(tx, activity), publication: publicationView(row) },
      { aggregate: activity.id },
    );
  });
}
