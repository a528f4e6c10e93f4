/** Loaded before a process's own code (`node --import @leadmetrics/kit/telemetry/preload`): tracing from the first line. */
import { stopTracing } from "./lifecycle.ts";
import { startTracingFrom } from "./start.ts";

await startTracingFrom(process.env, process.env.LM_SERVICE ?? "leadmetrics");
process.once("beforeExit", () => void stopTracing());
