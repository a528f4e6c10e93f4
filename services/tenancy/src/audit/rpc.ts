import { create, createRegistry, fromBinary, toJsonString } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Ctx,
  type Database,
  emit,
  errors,
  type Id,
  listDeadLetters,
  type Nats,
  pageOf,
  replayDeadLetter,
  requestCtx,
  type ServedService,
  service,
  showDeadLetter,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import {
  AuditEntrySchema,
  AuditService,
  DeadLetterSchema,
  DeadLettersService,
} from "@leadmetrics/proto/tenancy/v1/audit";
import type { AuditRow, TenancyDb } from "../db.ts";
import { actorView } from "../views.ts";
import { auditedEvents } from "./events.ts";
import { forClients } from "./for-clients.ts";
import type { AuditTrail } from "./port.ts";
import { chainOf, chainRef, type VerifiedChain, verifyChain } from "./verify.ts";

export function auditService(db: Database<TenancyDb>, trail: AuditTrail): ServedService {
  return service(AuditService, {
    async listAuditEntries(request, hc) {
      const ctx = tenantCtx(hc);
      const { size } = pageOf({ pageSize: request.page?.pageSize });
      const before = Number(request.page?.pageToken || 0);
      if (!Number.isSafeInteger(before) || before < 0)
        throw errors.invalid("page_token: is not one of this list's.");
      const [rows, names] = await Promise.all([
        trail.list(ctx, {
          chain: ctx.tenantId,
          before,
          limit: size + 1,
          entityRef: request.entityRef,
          traceId: request.traceId,
        }),
        memberNames(db, ctx),
      ]);
      const shown = rows.slice(0, size);
      return {
        entries: shown.map((row) =>
          view(ctx.principal.kind === "tenant" ? forClients(row) : row, names.get(row.actor_id) ?? ""),
        ),
        page: { nextPageToken: rows.length > size ? String(shown.at(-1)?.sequence ?? "") : "" },
      };
    },

    async verifyAuditChain(_request, hc) {
      const ctx = tenantCtx(hc);
      return verdict(await verifyChain(trail, ctx.tenantId));
    },

    async verifyAuditTrail(request) {
      const { size } = pageOf({ pageSize: request.page?.pageSize });
      const chains = request.chain
        ? [chainOf(request.chain)]
        : await trail.chains(request.page?.pageToken ? chainOf(request.page.pageToken) : "", size + 1);
      const verified = [];
      for (const chain of chains.slice(0, size))
        verified.push({ chain: chainRef(chain), ...verdict(await verifyChain(trail, chain)) });
      const more = chains.length > size;
      return { chains: verified, page: { nextPageToken: more ? (verified.at(-1)?.chain ?? "") : "" } };
    },
  });
}

function verdict({ entries, headHash, brokenAt, problem }: VerifiedChain) {
  return { entries: BigInt(entries), intact: brokenAt === 0, brokenAt: BigInt(brokenAt), problem, headHash };
}

/** What the tenant's people are called, by their refs. */
async function memberNames(db: Database<TenancyDb>, ctx: Ctx): Promise<Map<string, string>> {
  const members = await db.withTenant(
    ctx,
    (tx) => tx.selectFrom("tenant_member").select(["user_id", "name"]).execute(),
    { readOnly: true },
  );
  return new Map(members.map((member) => [toRef(member.user_id as Id), member.name]));
}

export function deadLettersService(db: Database<TenancyDb>, nats: Nats): ServedService {
  const registry = createRegistry(...auditedEvents);
  return service(DeadLettersService, {
    async listDeadLetters(request) {
      const { size } = pageOf({ pageSize: request.page?.pageSize });
      const letters = await listDeadLetters(nats, {
        limit: size + 1,
        after: Number(request.page?.pageToken || 0),
      });
      const shown = letters.slice(0, size);
      const deadLetters = await Promise.all(
        shown.map(async (letter) => {
          const { payload } = await showDeadLetter(nats, letter.sequence);
          const desc = registry.getMessage(letter.type);
          return create(DeadLetterSchema, {
            sequence: BigInt(letter.sequence),
            stream: letter.stream,
            consumer: letter.consumer,
            eventId: letter.eventId,
            eventType: letter.type,
            tenantRef: letter.tenantRef,
            error: letter.why,
            deliveries: letter.deliveries,
            payloadJson: desc ? toJsonString(desc, fromBinary(desc, payload)) : "",
            deadOn: timestampFromDate(letter.at),
          });
        }),
      );
      return {
        deadLetters,
        page: { nextPageToken: letters.length > size ? String(shown.at(-1)?.sequence ?? "") : "" },
      };
    },

    async replayDeadLetter(request, hc) {
      const ctx = requestCtx(hc);
      const letter = await replayDeadLetter(nats, Number(request.sequence));
      await db.global((tx) =>
        emit(
          tx,
          ctx,
          AuditRecordedSchema,
          {
            action: "tenancy.dead_letter.replayed",
            entityKind: "dead_letter",
            entityRef: String(letter.sequence),
            summary: `${letter.type} was sent to ${letter.consumer} again`,
          },
          { aggregate: letter.eventId },
        ),
      );
      return {};
    },
  });
}

function view(row: AuditRow, actorName: string) {
  return create(AuditEntrySchema, {
    ref: toRef(row.id as Id),
    sequence: BigInt(row.sequence),
    action: row.action,
    actor: actorView(`${row.actor_kind}:${row.actor_id}`),
    actorName,
    entityKind: row.entity_kind,
    entityRef: row.entity_ref,
    summary: row.summary,
    traceId: row.trace_id,
    requestId: row.request_id,
    occurredOn: timestampFromDate(row.occurred_on),
    hash: row.hash,
  });
}
