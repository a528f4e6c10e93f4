import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  asTenantId,
  type Ctx,
  continueTrace,
  type Database,
  emit,
  errors,
  forTenant,
  fromRef,
  type Id,
  newId,
  redact,
  requestCtx,
  type ServedService,
  service,
  type TenantCtx,
  type Tx,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import {
  ApprovalLinkIssuedSchema,
  ApprovalLinksRevokedSchema,
  ApprovalLinkUsedSchema,
} from "@leadmetrics/proto/content/events/v1/events";
import { ApprovalLinksService } from "@leadmetrics/proto/content/v1/approval_links";
import type { ActivityRow, ContentDb } from "../db.ts";
import { approveForClient, rejectForClient } from "../production/client-decisions.ts";
import { lockActivity } from "../production/transition.ts";
import { isPublishing } from "../targets/rules.ts";
import { targetsOf } from "../targets/store.ts";
import { CONTENT_TYPES, refOf, revisionView } from "../views.ts";
import { refusalOf } from "./rules.ts";
import { endLinks, hashOf, type LinkRow, linkView, newSecret } from "./store.ts";
import { LINK_MS } from "./tunables.ts";

/** Longest address and browser name that are kept of who decided. */
const KEPT_CHARS = 400;
/** Fewest letters of a note that says what should change. */
const SHORTEST_NOTE = 3;

export function approvalLinksService(db: Database<ContentDb>): ServedService {
  return service(ApprovalLinksService, {
    async mintApprovalLink(request, hc) {
      const ctx = tenantCtx(hc);
      const activityId = fromRef(request.activityRef, "activity");
      const userId = fromRef(request.userRef, "user");
      const { token, hash } = newSecret();
      const row = await db.withTenant(ctx, async (tx) => {
        const activity = await tx
          .selectFrom("activity")
          .select(["status", "revision_id", "content_hash"])
          .where("id", "=", activityId)
          .executeTakeFirst();
        if (
          activity?.status !== "client_review" ||
          !activity.revision_id ||
          activity.content_hash !== request.contentHash
        )
          throw errors.notFound("content that waits");
        const link = await tx
          .insertInto("approval_link")
          .values({
            id: newId(),
            tenant_id: ctx.tenantId,
            activity_id: activityId,
            revision_id: activity.revision_id,
            content_hash: activity.content_hash,
            user_id: userId,
            token_hash: hash,
            expires_on: new Date(Date.now() + LINK_MS),
            revoked_on: null,
            used_on: null,
            used_ip: null,
            used_agent: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await emit(tx, ctx, ApprovalLinkIssuedSchema, { link: linkView(link) }, { aggregate: activityId });
        return link;
      });
      return { token, expiresOn: timestampFromDate(row.expires_on) };
    },

    async openApprovalLink(request, hc) {
      const link = await find(db, request.token);
      return db.withTenant(
        holderOf(requestCtx(hc), link),
        async (tx) => {
          const activity = await tx
            .selectFrom("activity")
            .selectAll()
            .where("id", "=", link.activity_id)
            .executeTakeFirstOrThrow();
          assertUsable(link, activity);
          return shown(tx, link, activity);
        },
        { readOnly: true },
      );
    },

    async decideByApprovalLink(request, hc) {
      const note = request.note.trim();
      if (!request.approved && note.length < SHORTEST_NOTE)
        throw errors.invalid("note: say what should change.", [
          { field: "note", description: "is needed to reject" },
        ]);
      const found = await find(db, request.token);
      const ctx = holderOf(requestCtx(hc), found);
      const approved = await db.withTenant(ctx, async (tx) => {
        const link = await tx
          .selectFrom("approval_link")
          .selectAll()
          .where("id", "=", found.id)
          .forUpdate()
          .executeTakeFirstOrThrow();
        const activity = await lockActivity(tx, link.activity_id);
        assertUsable(link, activity);
        await tx
          .updateTable("approval_link")
          .set({
            used_on: new Date(),
            used_ip: ctx.remoteIp?.slice(0, KEPT_CHARS) ?? "",
            used_agent: ctx.userAgent?.slice(0, KEPT_CHARS) ?? "",
          })
          .where("id", "=", link.id)
          .execute();
        const decided = await continueTrace("decide by link", activity.traceparent, () =>
          request.approved
            ? approveForClient(tx, ctx, activity, request.channels)
            : rejectForClient(tx, ctx, activity, note),
        );
        const yes = isPublishing(decided.status);
        await emit(
          tx,
          ctx,
          ApprovalLinkUsedSchema,
          { link: linkView(link), approved: yes },
          { aggregate: activity.id },
        );
        return yes;
      });
      return { approved };
    },

    async listApprovalLinks(request, hc) {
      const activityId = fromRef(request.activityRef, "activity");
      const rows = await db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          await assertThere(tx, activityId);
          return tx
            .selectFrom("approval_link")
            .selectAll()
            .where("activity_id", "=", activityId)
            .where("used_on", "is", null)
            .where("revoked_on", "is", null)
            .where("expires_on", ">", new Date())
            .orderBy("id", "desc")
            .execute();
        },
        { readOnly: true },
      );
      return { links: rows.map(linkView) };
    },

    async revokeApprovalLinks(request, hc) {
      const ctx = tenantCtx(hc);
      const activityId = fromRef(request.activityRef, "activity");
      return db.withTenant(ctx, async (tx) => {
        await assertThere(tx, activityId);
        const revoked = await endLinks(tx, { activityId }, new Date());
        if (revoked > 0)
          await emit(
            tx,
            ctx,
            ApprovalLinksRevokedSchema,
            { activityRef: request.activityRef, revoked },
            { aggregate: activityId },
          );
        return { revoked };
      });
    },
  });
}

async function assertThere(tx: Tx<ContentDb>, activityId: Id): Promise<void> {
  const there = await tx.selectFrom("activity").select("id").where("id", "=", activityId).executeTakeFirst();
  if (!there) throw errors.notFound("activity");
}

/** Whose link a secret is. Nothing tells an unknown one from a wrong one. */
async function find(db: Database<ContentDb>, token: string): Promise<LinkRow> {
  redact(token);
  const row = await db.withSystem("whose approval link it is", (tx) =>
    tx.selectFrom("approval_link").selectAll().where("token_hash", "=", hashOf(token)).executeTakeFirst(),
  );
  if (!row) throw errors.notFound("link");
  return row;
}

/** The call as its person's: what they decide stands under their name, in their tenant, and nowhere else. */
function holderOf(ctx: Ctx, link: LinkRow): TenantCtx {
  const actor = { kind: "user", id: toRef(link.user_id as Id) } as const;
  return forTenant({ ...ctx, actor }, asTenantId(link.tenant_id as Id));
}

function assertUsable(link: LinkRow, activity: ActivityRow): void {
  const refusal = refusalOf(link, activity, new Date());
  if (refusal) throw errors.conflict(refusal.reason, refusal.message);
}

/** What the page behind a link shows: one revision and where it goes, and nothing else of the tenant. */
async function shown(tx: Tx<ContentDb>, link: LinkRow, activity: ActivityRow) {
  const revision = revisionView(
    await tx.selectFrom("revision").selectAll().where("id", "=", link.revision_id).executeTakeFirstOrThrow(),
  );
  const targets = await targetsOf(tx, [activity.id]);
  const [first] = targets;
  const { title, body, excerpt, slug, citations, offlineDraft } = revision;
  return {
    contentType: CONTENT_TYPES[activity.content_type],
    title,
    body,
    excerpt,
    slug,
    citations: citations.map((citation) => ({ ...citation, fileRef: "" })),
    offlineDraft,
    channelName: first?.name ?? "",
    channelUrl: first?.url ?? "",
    channels: targets.map((target) => ({
      channelRef: refOf(target.channel_id),
      name: target.name,
      url: target.url,
      publishOn: target.publish_on ? timestampFromDate(target.publish_on) : undefined,
    })),
    revisionNumber: revision.number,
    expiresOn: timestampFromDate(link.expires_on),
    publishOn: activity.publish_on ? timestampFromDate(activity.publish_on) : undefined,
  };
}
