import type { MessageInitShape } from "@bufbuild/protobuf";
import type { RunSucceededSchema } from "@leadmetrics/proto/agents/events/v1/events";
import type { AdapterResult, OutputSpec } from "../adapters/port.ts";
import type { Material } from "../prompt/material.ts";
import type { WorkGroup } from "../runs/rules.ts";

/** What a role's result says in `agents.run.succeeded`. */
export type RoleOutput = NonNullable<MessageInitShape<typeof RunSucceededSchema>["output"]>;

/** One kind of agent. A new one is a file in this folder and a line in `index.ts`. */
export interface Role {
  readonly name: string;
  readonly title: string;
  /** Which workers run it. */
  readonly group: WorkGroup;
  /** Reserved before a run; the real figure is booked after it. A run for 0 credits is the platform's, billing isn't asked. */
  readonly credits: number;
  /** Runs at once over all tenants and workers; as many as there are slots when left out. */
  readonly concurrency?: number;
  /** Milliseconds a run may take in all. */
  readonly timeoutMs: number;
  readonly maxOutputTokens: number;
  /** Names of skills, in the order in which the prompt has them. */
  readonly skills: readonly string[];
  /** The client reads along and gets the result as it is; everywhere else a reviewer reads first. */
  readonly openToClient?: true;
  readonly instructions: string;
  readonly outputRules: string;
  readonly output: OutputSpec;
  /** What to look for in the tenant's knowledge, one question or several, and how many chunks for each. */
  readonly knowledge: {
    limit: number;
    query: (material: Pick<Material, "input">) => string | readonly string[];
  };
  /** @throws ZodError or an `invalid` RunFailure when the answer does not fit */
  readonly accept: (result: AdapterResult, material: Material, offline: boolean) => RoleOutput;
  /** The deterministic draft of the offline adapter, in the form `accept` reads. */
  readonly sketch: (material: Material) => string;
}
