export { BackendUnavailable, type Choice, diskSentence, reasonOf } from "./choice.ts";
export { findNats, type NatsServer, OLDEST_NATS } from "./find-nats.ts";
export { localDir } from "./local-dir.ts";
export { type NatsOptions, type NatsUser, type RunningNats, startNats } from "./nats.ts";
export { freePort, portTaken } from "./ports.ts";
export { type PostgresOptions, type RunningPostgres, startPostgres } from "./postgres.ts";
export {
  findPrometheus,
  type PrometheusPrograms,
  type RunningPrometheus,
  startPrometheus,
} from "./prometheus.ts";
export { processExists, type ServerProcess, startServer, waitUntil } from "./server-process.ts";
