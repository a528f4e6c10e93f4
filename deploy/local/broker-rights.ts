import { EVENT_SERVICES } from "@leadmetrics/kit/streams";

/** What one user of the broker may publish and hear; everything else is refused. */
export interface BrokerUser {
  readonly name: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Makes streams and looks at everything: the runner, and a person with `lm`. No service has it. */
export const OPERATOR = "operator";

/**
 * The durable consumers of each service and the streams they read. A service can't open any other, so a new consumer has
 * to be told here; the isolation suite compares this with what the broker has.
 */
export const CONSUMERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  identity: { "identity-revocations": ["EVT_IDENTITY"], "identity-tenants": ["EVT_TENANCY"] },
  tenancy: {
    "tenancy-audit": EVENT_SERVICES.map(streamOf),
    "tenancy-verified-users": ["EVT_IDENTITY"],
    "tenancy-assignments": ["EVT_TENANCY"],
    "tenancy-contracts": ["EVT_TENANCY"],
    "tenancy-settings": ["EVT_TENANCY"],
    "tenancy-research": ["rag", "agents"].map(streamOf),
    "tenancy-onboarding-steps": ["EVT_CONTENT"],
    "dlq-router": ["ADVISORIES"],
  },
  notifications: {
    "notifications-occasions": ["identity", "tenancy", "content", "agents", "billing", "rag"].map(streamOf),
  },
  billing: { "billing-tenants": ["EVT_TENANCY"] },
  rag: { "rag-tenant-policy": ["EVT_TENANCY"], "rag-crawl-requests": ["EVT_TENANCY"] },
  search: { "search-documents": ["content", "rag"].map(streamOf) },
  agents: {
    "agents-run-requests": ["EVT_CONTENT"],
    "agents-setup-requests": ["EVT_TENANCY"],
    "agents-credits": ["EVT_BILLING"],
    "agents-tenants": ["EVT_TENANCY"],
  },
  content: {
    "content-run-results": ["EVT_AGENTS"],
    "content-members": ["EVT_TENANCY"],
    "content-tenants": ["EVT_TENANCY"],
  },
  gateway: {},
};

/** What goes over the broker beside events: work queues, hints, shared counters, buckets. */
const OTHERWISE: Readonly<Record<string, { publish?: readonly string[]; subscribe?: readonly string[] }>> = {
  identity: { publish: ["$KV.AUTHZ.revoked.*"] },
  tenancy: {
    publish: [
      "$KV.AUTHZ.assigned.*",
      ...["contract", "setting", "flag"].flatMap((kind) => [
        `$KV.AUTHZ.${kind}.*`,
        `$JS.API.DIRECT.GET.KV_AUTHZ.$KV.AUTHZ.${kind}.*`,
      ]),
      // The desk of dead letters: it reads what nobody settled in any stream, and sends it again where it was.
      "$JS.API.STREAM.MSG.GET.*",
      // It also measures every consumer: one that hangs can't say how far it is behind.
      "$JS.API.CONSUMER.LIST.*",
      "$JS.API.STREAM.MSG.DELETE.DLQ",
      "$JS.API.STREAM.MSG.DELETE.JOBS_AGENTS",
      // What an erased tenant's events, queued runs and dead letters said.
      ...[...EVENT_SERVICES.map(streamOf), "FEED", "DLQ", "JOBS_AGENTS"].map(
        (stream) => `$JS.API.STREAM.PURGE.${stream}`,
      ),
      "dlq.>",
      "evt.>",
      "job.>",
    ],
  },
  agents: {
    publish: [
      "job.agents.>",
      "wake.agents.*",
      ...["CREATE", "DURABLE.CREATE", "INFO", "MSG.NEXT"].map(jobs),
      "$JS.ACK.JOBS_AGENTS.>",
    ],
    subscribe: ["wake.agents.*"],
  },
  gateway: {
    publish: [
      "gateway.rate",
      "$KV.IDEMPOTENCY.*",
      "$JS.API.STREAM.MSG.GET.KV_IDEMPOTENCY",
      "$JS.API.DIRECT.GET.KV_IDEMPOTENCY.>",
      ...temporaryConsumers("FEED"),
    ],
    subscribe: ["gateway.rate"],
  },
};

/** One user for each service, with no more than its contract and its work need. */
export const BROKER_USERS: readonly BrokerUser[] = Object.entries(CONSUMERS).map(([name, durables]) => {
  const sends = EVENT_SERVICES.some((service) => service === name);
  const { publish = [], subscribe = [] } = OTHERWISE[name] ?? {};
  return {
    name,
    publish: [
      "$JS.API.INFO",
      "$JS.API.STREAM.INFO.*",
      // Ended sessions and reviewers' tenants: everybody who checks a token watches them.
      ...temporaryConsumers("KV_AUTHZ"),
      ...(sends ? [`evt.${name}.>`, `wake.outbox.${name}`] : []),
      ...Object.entries(durables).flatMap(([durable, streams]) =>
        streams.flatMap((stream) => durableConsumer(stream, durable)),
      ),
      ...publish,
    ],
    subscribe: [`_INBOX_${name}.>`, ...(sends ? [`wake.outbox.${name}`] : []), ...subscribe],
  };
});

function streamOf(service: string): string {
  return `EVT_${service.toUpperCase()}`;
}

function jobs(verb: string): string {
  return `$JS.API.CONSUMER.${verb}.JOBS_AGENTS.>`;
}

/** Making one consumer, taking from it, settling what it brought, and burying what can't be. */
function durableConsumer(stream: string, durable: string): string[] {
  return [
    `$JS.API.CONSUMER.CREATE.${stream}.${durable}`,
    `$JS.API.CONSUMER.CREATE.${stream}.${durable}.>`,
    // The form for consumers with several filters.
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${durable}`,
    `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
    `$JS.ACK.${stream}.${durable}.>`,
    `dlq.${stream}.${durable}.*`,
  ];
}

/** Reading a stream through consumers that nobody names and nobody keeps. */
function temporaryConsumers(stream: string): string[] {
  return [
    `$JS.API.CONSUMER.CREATE.${stream}`,
    ...["CREATE", "INFO", "DELETE", "MSG.NEXT"].map((verb) => `$JS.API.CONSUMER.${verb}.${stream}.>`),
    `$JS.ACK.${stream}.>`,
    `$JS.FC.${stream}.>`,
  ];
}
