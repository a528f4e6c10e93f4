import type { Deps } from "@leadmetrics/kit";
import type { AgentsConfig } from "./config.ts";
import type { AgentsDb } from "./db.ts";
import { RunCredits } from "./runs/credits.ts";
import { AdapterHealth } from "./settings/health.ts";
import { platformLlm } from "./settings/store.ts";
import { signalsOver } from "./signals.ts";
import { materialFrom } from "./work/material.ts";

type AgentsDeps = Deps<AgentsDb, AgentsConfig>;

const made = new WeakMap<object, ReturnType<typeof make>>();

/** What the parts of this service share, made once for a process. */
export function partsOf(deps: AgentsDeps) {
  const known = made.get(deps.nats) ?? make(deps);
  made.set(deps.nats, known);
  return known;
}

function make({ config, db, box, nats, rpc, log }: AgentsDeps) {
  return {
    db,
    box,
    nats,
    log,
    platform: platformLlm(config),
    signals: signalsOver(nats),
    credits: new RunCredits(db, rpc),
    health: new AdapterHealth(),
    material: materialFrom(rpc),
    slots: Object.fromEntries(
      config.WORKER_GROUPS.map((group) => [
        group,
        group === "llm" ? config.WORKER_SLOTS_LLM : config.WORKER_SLOTS_UTIL,
      ]),
    ),
  };
}
