import type { RunEvent } from "../api/shapes.ts";

/** An event as the gateway sends it. */
export interface LiveEvent {
  /** `<service>.<entity>.<past verb>` */
  type: string;
  id: string;
  tenantRef: string;
  occurredOn: string;
  data: Record<string, unknown>;
}

/** Which lists an event makes old, by `<service>.<entity>`. */
const renews: Record<string, readonly string[]> = {
  "content.activity": ["activities", "approvals", "queue", "periods", "runs"],
  "content.revision": ["activities", "approvals", "queue"],
  "content.publication": ["activities", "periods", "channels"],
  "content.comment": ["comments"],
  "content.claim": ["claims"],
  "content.client_review": ["client-review", "queue", "activities"],
  "content.plan": ["plans", "periods", "credits"],
  "content.period": ["periods"],
  "content.goal": ["goals", "strategies"],
  "content.strategy": ["strategies", "goals"],
  "content.channel": ["channels"],
  "agents.run": ["runs", "credits", "run-skills", "budgets"],
  "agents.budget": ["budgets"],
  "rag.file": ["files"],
  "rag.crawl": ["crawls"],
  "notifications.notification": ["notifications"],
  "billing.credits": ["credits"],
  "tenancy.context": ["context"],
  "tenancy.contract": ["contract"],
  "tenancy.onboarding": ["onboarding"],
  "tenancy.member": ["members", "invitations"],
  "tenancy.invitation": ["invitations"],
  "tenancy.tenant": ["tenant", "tenants"],
};

/** Events that bring what is new themselves. */
const CARRIERS: ReadonlySet<string> = new Set(["agents.run.progressed", "rag.crawl.progressed"]);

/** The first parts of the query keys an event makes old; nothing for one that only carries text. */
export function keysToRenew(type: string): readonly string[] {
  if (CARRIERS.has(type)) return [];
  const entity = type.split(".").slice(0, 2).join(".");
  const keys = renews[entity] ?? [];
  return keys.length > 0 && !type.startsWith("notifications.") ? [...keys, "audit"] : keys;
}

/** Reads the data of an SSE message; undefined when it is not an event. */
export function readEvent(data: string): LiveEvent | undefined {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null || !("type" in value) || typeof value.type !== "string")
      return undefined;
    const event = value as Partial<LiveEvent> & { type: string };
    return { id: "", tenantRef: "", occurredOn: "", ...event, data: event.data ?? {} };
  } catch {
    return undefined;
  }
}

/** The run and its new events inside `agents.run.progressed`. */
export function readProgress(
  data: Record<string, unknown>,
): { runRef: string; events: RunEvent[] } | undefined {
  const { runRef, events } = data;
  if (typeof runRef !== "string" || !Array.isArray(events)) return undefined;
  return {
    runRef,
    events: events.filter(
      (one): one is RunEvent => typeof one === "object" && one !== null && "sequence" in one,
    ),
  };
}
