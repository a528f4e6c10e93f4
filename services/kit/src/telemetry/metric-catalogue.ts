/** Every metric of the platform: its name, unit, labels and where it comes from. Dashboards and rules are checked against it. */

/** How many values a label can have, and why not more. */
export type LabelBound =
  /** All of them, written out. */
  | { readonly values: readonly string[] }
  /** Names that stand in the code or the contracts; a process has at most `atMost` of them. */
  | { readonly named: string; readonly atMost: number }
  /** Names that people type into settings: what comes after the first `atMost` of a process counts as `other`. */
  | { readonly typed: string; readonly atMost: number };

/** A label's name means the same in every metric. None names a tenant, a person or a record. */
export const LABELS = {
  service: { named: "services and gateway", atMost: 12 },
  rpc_service: { named: "services of the contracts", atMost: 80 },
  rpc_method: { named: "methods of the contracts", atMost: 400 },
  code: { named: "codes of Connect, and ok", atMost: 17 },
  method: { named: "methods of HTTP that Node parses", atMost: 40 },
  route: { named: "route patterns of the gateway, and of a portal's pages", atMost: 500 },
  status: { named: "codes of HTTP, or states of the contracts", atMost: 60 },
  call: { values: ["api", "refresh"] },
  version: { named: "the version that runs", atMost: 1 },
  audience: { values: ["tenant", "dm", "admin"] },
  resumed: { values: ["fresh", "resumed", "reset"] },
  durable: { named: "consumers in the code", atMost: 60 },
  stream: { named: "streams in streams.ts", atMost: 30 },
  outcome: { named: "outcomes in the code", atMost: 40 },
  schedule: { named: "schedules in the code", atMost: 60 },
  check: { named: "readiness checks", atMost: 8 },
  sampler: { named: "samplers in the code", atMost: 20 },
  pool: { values: ["app", "system", "platform"] },
  state: { values: ["in_use", "idle"] },
  source: { values: ["cache", "disk"] },
  volume: { values: ["files"] },
  role: { named: "roles of agents", atMost: 60 },
  lane: { values: ["interactive", "batch"] },
  adapter: { named: "adapters of language models", atMost: 20 },
  model: { typed: "models in the settings of agents", atMost: 30 },
  direction: { values: ["in", "out"] },
  content_type: { named: "content types of the contracts", atMost: 30 },
  owed_by: { values: ["agent", "reviewer", "client", "channel", "nobody"] },
  why: { values: ["nobody_owes", "past_promise", "expired", "unreachable", "disconnected"] },
  channel: { named: "kinds of channels", atMost: 40 },
  work: { values: ["deletion", "export"] },
  kind: { values: ["grant", "reserve", "settle", "release"] },
} as const satisfies Record<string, LabelBound>;
export type LabelName = keyof typeof LABELS;

export interface MetricDeclaration {
  readonly name: `lm_${string}`;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly LabelName[];
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
}

/** Seconds; from a cache hit to the RPC deadline. */
const CALL_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const EVENT_S = [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600];
const WAIT_S = [0.1, 0.5, 1, 2, 5, 15, 60, 300, 1_800];
const MODEL_S = [0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320];

const counter = <N extends `lm_${string}`, const L extends readonly LabelName[]>(
  name: N,
  help: string,
  labels: L,
) => ({ name, type: "counter", help, labels }) as const;
const gauge = <N extends `lm_${string}`, const L extends readonly LabelName[]>(
  name: N,
  help: string,
  labels: L,
) => ({ name, type: "gauge", help, labels }) as const;
const histogram = <N extends `lm_${string}`, const L extends readonly LabelName[]>(
  name: N,
  help: string,
  labels: L,
  buckets: readonly number[],
) => ({ name, type: "histogram", help, labels, buckets }) as const;

export const METRICS = {
  // Calls and requests
  rpcServed: histogram(
    "lm_rpc_server_duration_seconds",
    "Duration of served RPCs",
    ["rpc_service", "rpc_method", "code"],
    CALL_S,
  ),
  rpcCalled: histogram(
    "lm_rpc_client_duration_seconds",
    "Duration of RPCs to other services, retries included",
    ["rpc_service", "rpc_method", "code"],
    CALL_S,
  ),
  rpcRetries: counter("lm_rpc_client_retries_total", "RPCs that were tried again", [
    "rpc_service",
    "rpc_method",
  ]),
  httpServed: histogram(
    "lm_http_server_duration_seconds",
    "Duration of served HTTP requests, by route pattern",
    ["method", "route", "status"],
    CALL_S,
  ),
  sseClients: gauge("lm_sse_clients", "Browsers that listen to live events now", ["audience"]),
  sseOpened: counter("lm_sse_opened_total", "Live event streams that were opened, by how they began", [
    "audience",
    "resumed",
  ]),
  // Portals
  pageServed: histogram(
    "lm_page_duration_seconds",
    "Duration of requests a portal's server answered, by the pattern of the page; none for what is no page",
    ["method", "route", "status"],
    CALL_S,
  ),
  pageRendered: histogram(
    "lm_page_render_duration_seconds",
    "Time a portal's server takes to render a page",
    ["route"],
    CALL_S,
  ),
  portalCalled: histogram(
    "lm_portal_call_duration_seconds",
    "From a portal's call of the gateway to the head of its answer, by its status; unreachable without one",
    ["call", "status"],
    CALL_S,
  ),
  // Events
  outboxPending: gauge("lm_outbox_pending", "Events waiting to be sent", ["service"]),
  outboxOldestAge: gauge("lm_outbox_oldest_age_seconds", "Age of the oldest event waiting to be sent", [
    "service",
  ]),
  outboxPublished: counter("lm_outbox_published_total", "Events sent", ["service"]),
  outboxRefused: counter("lm_outbox_refused_total", "Times the broker refused an event", ["service"]),
  consumerSeconds: histogram(
    "lm_consumer_duration_seconds",
    "Duration of handling events: one, or a batch that commits together",
    ["service", "durable"],
    EVENT_S,
  ),
  consumerOutcomes: counter("lm_consumer_outcomes_total", "Handled events by what became of them", [
    "service",
    "durable",
    "outcome",
  ]),
  consumerRedeliveries: counter("lm_consumer_redeliveries_total", "Events that came more than once", [
    "service",
    "durable",
  ]),
  consumerDelay: histogram(
    "lm_consumer_delay_seconds",
    "From an event's arrival at the broker to its effect in this consumer",
    ["service", "durable"],
    WAIT_S,
  ),
  consumerLag: gauge("lm_consumer_lag", "Events a consumer has not been given yet", ["stream", "durable"]),
  consumerInHand: gauge("lm_consumer_in_hand", "Events a consumer was given and has not settled", [
    "stream",
    "durable",
  ]),
  consumerRedelivered: gauge("lm_consumer_redelivered", "Events in hand that came more than once", [
    "stream",
    "durable",
  ]),
  consumerOldestAge: gauge(
    "lm_consumer_oldest_age_seconds",
    "Age of the oldest event a consumer has not settled",
    ["stream", "durable"],
  ),
  deadLetters: gauge("lm_dead_letters", "Dead letters that wait for a person", ["stream", "durable"]),
  streamBytes: gauge("lm_stream_bytes", "Bytes a stream holds", ["stream"]),
  streamMaxBytes: gauge("lm_stream_max_bytes", "Bytes a stream may hold", ["stream"]),
  streamMessages: gauge("lm_stream_messages", "Messages a stream holds", ["stream"]),
  streamMaxMessages: gauge("lm_stream_max_messages", "Messages a stream may hold", ["stream"]),
  brokerStorage: gauge("lm_broker_storage_bytes", "Bytes all streams hold on disk", []),
  scheduleRuns: counter("lm_schedule_runs_total", "Runs of scheduled tasks", [
    "service",
    "schedule",
    "outcome",
  ]),
  // The process and its stores
  build: gauge("lm_build_info", "1, with the version that runs", ["version"]),
  ready: gauge("lm_ready", "1 while a readiness check holds, 0 while it doesn't", ["check"]),
  sampleFailures: counter("lm_sample_failures_total", "Measurements that could not be taken", ["sampler"]),
  poolConnections: gauge("lm_db_pool_connections", "Database connections of the pool", ["pool", "state"]),
  poolSize: gauge("lm_db_pool_size", "Connections the pool may have", ["pool"]),
  poolWaiting: gauge("lm_db_pool_waiting", "Transactions that wait for a connection now", ["pool"]),
  poolWait: histogram(
    "lm_db_pool_wait_seconds",
    "Wait for a connection, of transactions that found none idle",
    ["pool"],
    CALL_S,
  ),
  databaseSize: gauge("lm_database_size_bytes", "Size of the service's database", ["service"]),
  databaseConnections: gauge("lm_database_connections", "Sessions on the service's database", ["service"]),
  databaseTransactions: counter("lm_database_transactions_total", "Ended transactions", [
    "service",
    "outcome",
  ]),
  databaseBlocks: counter("lm_database_blocks_total", "Blocks read, by where they were found", [
    "service",
    "source",
  ]),
  databaseDeadlocks: counter("lm_database_deadlocks_total", "Deadlocks", ["service"]),
  databaseTempBytes: counter("lm_database_temp_bytes_total", "Bytes of queries that spilled to disk", [
    "service",
  ]),
  diskFree: gauge("lm_disk_free_bytes", "Free bytes where files are kept", ["volume"]),
  diskSize: gauge("lm_disk_size_bytes", "Size of the disk where files are kept", ["volume"]),
  // Agents
  runsEnded: counter("lm_agent_runs_total", "Runs that came to an end, by role and how", ["role", "status"]),
  runsOpen: gauge("lm_agent_runs_open", "Runs that have not ended", ["role", "status"]),
  runsOldestWait: gauge(
    "lm_agent_runs_oldest_wait_seconds",
    "Wait of the run that has been waiting longest for a worker",
    [],
  ),
  runWait: histogram("lm_agent_run_wait_seconds", "From a run's request to its start", ["lane"], WAIT_S),
  runSeconds: histogram("lm_agent_run_duration_seconds", "From a run's start to its end", ["role"], MODEL_S),
  llmCalls: counter("lm_llm_calls_total", "Calls of language models by what became of them", [
    "adapter",
    "outcome",
  ]),
  llmProbes: counter("lm_llm_probes_total", "Tests of a model before runs are given to it, by outcome", [
    "adapter",
    "outcome",
  ]),
  llmSeconds: histogram(
    "lm_llm_call_duration_seconds",
    "Duration of calls of language models",
    ["adapter", "model"],
    MODEL_S,
  ),
  llmTokens: counter("lm_llm_tokens_total", "Tokens of ended runs, by model and direction", [
    "adapter",
    "model",
    "direction",
  ]),
  llmCost: counter("lm_llm_cost_micro_usd_total", "What ended runs cost, in millionths of a US dollar", [
    "adapter",
    "model",
  ]),
  // Content
  activities: gauge("lm_activities", "Activities that are not done, by state and who owes the next move", [
    "status",
    "owed_by",
  ]),
  activitiesStuck: gauge("lm_activities_stuck", "Activities nobody moves on, or past their promise", ["why"]),
  activityMoves: counter(
    "lm_activity_transitions_total",
    "Changes of an activity's state, by the new state",
    ["content_type", "status"],
  ),
  publications: counter("lm_publications_total", "Attempts to publish by what became of them", ["outcome"]),
  publicationsOpen: gauge("lm_publications_open", "Publications that are not settled", ["status"]),
  unconfirmedAge: gauge(
    "lm_publication_unconfirmed_oldest_age_seconds",
    "How long the oldest unconfirmed publication has been unconfirmed",
    [],
  ),
  channels: gauge("lm_channels", "Connected channels by their health", ["channel", "status"]),
  slotsAtRisk: gauge(
    "lm_channel_slots_at_risk",
    "Posts due within two days whose channel would refuse them now",
    ["why"],
  ),
  // Tenancy
  tenantWorkAge: gauge(
    "lm_tenant_work_age_seconds",
    "How long the oldest deletion that is due, or export that isn't made, has been so",
    ["work"],
  ),
  // Billing
  credits: counter("lm_credits_total", "Credits booked, by what for", ["kind"]),
} as const satisfies Record<string, MetricDeclaration>;

/** The series names Prometheus sees of a metric. */
export function seriesOf({ name, type }: MetricDeclaration): string[] {
  return type === "histogram" ? ["_bucket", "_sum", "_count"].map((suffix) => `${name}${suffix}`) : [name];
}
