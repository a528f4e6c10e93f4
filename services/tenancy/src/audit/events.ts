import { type DescMessage, hasOption, toJson } from "@bufbuild/protobuf";
import {
  type ConsumerDefinition,
  consumer,
  eventName,
  ok,
  onExternal,
  parseTraceparent,
} from "@leadmetrics/kit";
import * as agents from "@leadmetrics/proto/agents/events/v1/events";
import * as billing from "@leadmetrics/proto/billing/events/v1/events";
import * as content from "@leadmetrics/proto/content/events/v1/events";
import * as identity from "@leadmetrics/proto/identity/events/v1/events";
import * as notifications from "@leadmetrics/proto/notifications/events/v1/events";
import { event as eventOption } from "@leadmetrics/proto/options/v1/access";
import * as rag from "@leadmetrics/proto/rag/events/v1/events";
import * as tenancy from "@leadmetrics/proto/tenancy/events/v1/events";
import type { TenancyDb } from "../db.ts";
import { type AuditTrail, PLATFORM_CHAIN } from "./port.ts";
import { entityOf, shortened } from "./rules.ts";
import { summaryOf } from "./summaries.ts";

/** Progress is no act: it is in the run's and the file's own records. Nor is reading a draft; the decision is. */
const UNAUDITED: readonly string[] = [
  agents.RunProgressedSchema.typeName,
  rag.FileProgressedSchema.typeName,
  rag.CrawlProgressedSchema.typeName,
  content.ReviewClaimChangedSchema.typeName,
];

/** Events in hand at once; a chain's are written together. */
const AT_ONCE = 128;

const isDesc = (value: unknown): value is DescMessage =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "message";

/** Every event of every service: a new one is audited without anybody thinking of it. */
export const auditedEvents: readonly DescMessage[] = [
  agents,
  billing,
  content,
  identity,
  notifications,
  rag,
  tenancy,
]
  .flatMap((module) => Object.values(module).filter(isDesc))
  .filter((desc) => hasOption(desc, eventOption) && !UNAUDITED.includes(desc.typeName));

/** Turns events into audit entries; an entry is found by its event's id, so the event again adds nothing. */
export function auditConsumer(trail: AuditTrail): ConsumerDefinition<TenancyDb> {
  return consumer<TenancyDb>({
    durable: "tenancy-audit",
    // Handlers wait for their chain's next write, which takes all that wait.
    concurrency: AT_ONCE,
    on: auditedEvents.map((schema) =>
      onExternal<TenancyDb, DescMessage>(schema, async (event, { ctx }) => {
        const fields = toJson(schema, event.data) as Record<string, unknown>;
        const recorded = schema.typeName === tenancy.AuditRecordedSchema.typeName;
        const action = recorded ? String(fields.action) : eventName(schema);
        const entity = recorded
          ? { kind: String(fields.entityKind ?? ""), ref: String(fields.entityRef ?? "") }
          : entityOf(action, fields);
        const summary = recorded
          ? [fields.summary, fields.reason].filter(Boolean).join(": ")
          : summaryOf(action, fields);
        await trail.append({
          chain: event.tenantId ?? PLATFORM_CHAIN,
          event_id: event.id,
          action,
          actor_kind: event.actor.kind,
          actor_id: event.actor.id,
          entity_kind: entity.kind,
          entity_ref: entity.ref,
          summary: shortened(summary),
          trace_id: parseTraceparent(ctx.traceparent)?.traceId ?? "",
          request_id: ctx.requestId,
          occurred_on: event.occurredAt,
        });
        return ok();
      }),
    ),
  });
}
