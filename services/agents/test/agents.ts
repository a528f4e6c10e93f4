import { ConnectError } from "@connectrpc/connect";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import type { AgentsConfig } from "../src/config.ts";
import type { AgentsDb } from "../src/db.ts";
import { service } from "../src/definition.ts";
import { partsOf } from "../src/parts.ts";

/** A database and a broker for agents, and a configuration without keys, dispatcher and workers. */
export async function agentsTest(): Promise<{ t: ServiceTest<AgentsDb>; config: AgentsConfig }> {
  const t = await startServiceTest<AgentsDb>({
    service: "agents",
    migrations: new URL("../migrations/", import.meta.url),
  });
  const config: AgentsConfig = {
    ...t.config,
    LLM_ADAPTER: undefined,
    LLM_MODEL: undefined,
    ANTHROPIC_API_KEY: undefined,
    ANTHROPIC_BASE_URL: undefined,
    OPENAI_API_KEY: undefined,
    OPENAI_BASE_URL: undefined,
    OFFLINE_PACE_MS: 0,
    WORKER_GROUPS: [],
    WORKER_SLOTS_LLM: 4,
    WORKER_SLOTS_UTIL: 4,
  };
  return { t, config };
}

/** Starts agents without dispatcher and reconciler, whose steps the test takes itself. @returns what they are taken with */
export async function startParts(
  t: ServiceTest<AgentsDb>,
  config: AgentsConfig,
): Promise<ReturnType<typeof partsOf>> {
  let parts: ReturnType<typeof partsOf> | undefined;
  await t.start<AgentsConfig>({
    config,
    rpc: (deps) => {
      parts = partsOf(deps);
      return service.rpc?.(deps) ?? [];
    },
  });
  if (!parts) throw new Error("the service did not start");
  return parts;
}

/** What a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}
