import type { RunFailure } from "./failure.ts";

/** The backends a run can use. Adding one: a file here and a line in `index.ts`. */
export const ADAPTERS = ["claude", "openai", "offline"] as const;
export type AdapterName = (typeof ADAPTERS)[number];

/** Tokens of one call. `inputTokens` EXCLUDES cached ones, whatever the provider's own convention. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
}

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

/** One part of the system prompt. Parts marked `cache` are the same for many runs and come first. */
export interface SystemPart {
  text: string;
  cache: boolean;
}

export interface Turn {
  role: "user" | "assistant";
  text: string;
}

/** What the model must answer with: a readable document, or an object that fits a JSON schema. */
export type OutputSpec =
  | { kind: "document" }
  | { kind: "object"; name: string; jsonSchema: Record<string, unknown> };

export interface AdapterRequest {
  runId: string;
  model: string;
  system: SystemPart[];
  turns: Turn[];
  output: OutputSpec;
  maxOutputTokens: number;
  /** The deterministic draft of the same task, for the adapter that has no model. */
  sketch: () => string;
}

export type AdapterEvent = { kind: "text"; text: string } | { kind: "usage"; usage: Usage; cost: number };

export interface AdapterResult {
  text: string;
  /** Set for `object` outputs: the parsed JSON, not yet validated. */
  object?: unknown;
  usage: Usage;
  /** Micro-USD (a millionth of a dollar), integer. */
  cost: number;
  durationMs: number;
  /** The provider's id of the answer, for support questions. */
  sessionId?: string;
}

export interface RunOptions {
  signal: AbortSignal;
  onEvent?: (event: AdapterEvent) => void;
}

/** One thing that must hold before runs can use an adapter; `hint` says what to do when it does not. */
export interface Check {
  name: "key" | "endpoint" | "model";
  ok: boolean;
  message: string;
  hint?: string;
}

export interface TestResult {
  ok: boolean;
  checks: Check[];
  /** Why the endpoint could not be asked, when it is not the configuration's fault. */
  transient?: RunFailure;
}

/**
 * A language model behind one interface. `run` throws only `RunFailure`; it makes exactly one request to the
 * provider (retries belong to the run, which can be handed to another worker meanwhile).
 */
export interface Adapter {
  readonly name: AdapterName;
  run(request: AdapterRequest, options: RunOptions): Promise<AdapterResult>;
  test(model: string, signal: AbortSignal): Promise<TestResult>;
}

export interface AdapterSettings {
  apiKey?: string;
  baseUrl?: string;
  /** Milliseconds until response headers must have arrived. */
  timeoutMs?: number;
  /** Offline only: milliseconds between two chunks. */
  paceMs?: number;
}
