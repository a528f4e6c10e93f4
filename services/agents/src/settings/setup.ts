import { ADAPTER_CATALOGUE } from "../adapters/index.ts";
import type { AdapterName, AdapterSettings } from "../adapters/port.ts";

/** Adapter, model and credentials that a run will use. */
export interface Setup {
  readonly adapter: AdapterName;
  readonly model: string;
  readonly settings: AdapterSettings;
}

/** What the platform gives to tenants that have chosen nothing, from the environment. */
export interface PlatformLlm {
  readonly adapter?: AdapterName;
  readonly model?: string;
  readonly paceMs: number;
  readonly providers: Partial<Record<AdapterName, { apiKey?: string; baseUrl?: string }>>;
}

/** What a tenant has chosen for a role. */
export interface Chosen {
  readonly adapter: AdapterName;
  readonly model: string;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
}

/** What to go on with when the setup before it does not answer. */
export interface FallbackStep {
  readonly adapter: AdapterName;
  /** The adapter's own default when empty. */
  readonly model: string;
}

export type SetupResult = { ok: true; setup: Setup } | { ok: false; problem: string };

/** The setup of a run: the tenant's choice, completed by what the platform has; or why there is none. */
export function setupOf(chosen: Chosen | undefined, platform: PlatformLlm, localOnly: boolean): SetupResult {
  const adapter = chosen?.adapter ?? platformAdapter(platform, localOnly);
  const provider = platform.providers[adapter] ?? {};
  const baseUrl = chosen?.baseUrl || (chosen?.apiKey ? undefined : provider.baseUrl);
  if (localOnly && !isLocal(adapter, baseUrl)) {
    return {
      ok: false,
      problem: `This client's data must not leave the platform, and ${ADAPTER_CATALOGUE[adapter].title} is a cloud service. Choose a local adapter.`,
    };
  }
  // The platform's key goes to the platform's address only, never to one that a setting names.
  const apiKey = chosen?.apiKey ?? (chosen?.baseUrl ? undefined : provider.apiKey);
  const model = chosen?.model || modelOf(platform, adapter);
  return { ok: true, setup: { adapter, model, settings: { apiKey, baseUrl, paceMs: platform.paceMs } } };
}

/** The setups of a run in the order in which they are tried, or why there is none. */
export type Setups = readonly [Setup, ...Setup[]];
export type LineResult = { ok: true; setups: Setups } | { ok: false; problem: string };

/**
 * The first setup and what to go on with. Steps that would take a local tenant's data elsewhere are left out, and those that are there already.
 */
export function lineOf(
  chosen: Chosen | undefined,
  steps: readonly FallbackStep[],
  platform: PlatformLlm,
  localOnly: boolean,
): LineResult {
  const first = setupOf(chosen, platform, localOnly);
  if (!first.ok) return first;
  const setups: [Setup, ...Setup[]] = [first.setup];
  for (const step of steps) {
    const next = stepOf(chosen, step, platform, localOnly);
    if (next.ok && !setups.some((one) => isSame(one, next.setup))) setups.push(next.setup);
  }
  return { ok: true, setups };
}

/** A step with the tenant's credentials, where it has chosen the same adapter, else with the platform's. */
export function stepOf(
  chosen: Chosen | undefined,
  { adapter, model }: FallbackStep,
  platform: PlatformLlm,
  localOnly: boolean,
): SetupResult {
  const own = chosen?.adapter === adapter ? chosen : undefined;
  return setupOf({ adapter, model, baseUrl: own?.baseUrl ?? "", apiKey: own?.apiKey }, platform, localOnly);
}

const isSame = (a: Setup, b: Setup): boolean =>
  a.adapter === b.adapter && a.model === b.model && a.settings.baseUrl === b.settings.baseUrl;

/** The setup that has a run; the last one when there are fewer than there were. */
export const setupAt = (setups: Setups, rank: number): Setup =>
  setups[Math.min(rank, setups.length - 1)] ?? setups[0];

/** A setup in a sentence: Claude (Anthropic), claude-sonnet-5-5. */
export const setupName = ({ adapter, model }: Pick<Setup, "adapter" | "model">): string =>
  adapter === "offline" ? ADAPTER_CATALOGUE[adapter].title : `${ADAPTER_CATALOGUE[adapter].title}, ${model}`;

const modelOf = (platform: PlatformLlm, adapter: AdapterName): string =>
  platform.model && platformAdapter(platform, false) === adapter
    ? platform.model
    : ADAPTER_CATALOGUE[adapter].defaultModel;

function platformAdapter(platform: PlatformLlm, localOnly: boolean): AdapterName {
  const named = platform.adapter ?? withKey(platform) ?? "offline";
  return localOnly && !isLocal(named, platform.providers[named]?.baseUrl) ? "offline" : named;
}

function withKey({ providers }: PlatformLlm): AdapterName | undefined {
  return (["claude", "openai"] as const).find((name) => providers[name]?.apiKey);
}

/** Addresses of this machine and of private networks; a name without a dot is one of the cluster. */
const PRIVATE =
  /^(localhost|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+|\[::1\]|[a-z0-9-]+|.+\.(local|internal|svc|svc\.cluster\.local))$/;

/** Whether what is sent to the adapter stays on the platform's own network. */
export function isLocal(adapter: AdapterName, baseUrl: string | undefined): boolean {
  if (adapter === "offline") return true;
  return baseUrl !== undefined && baseUrl !== "" && PRIVATE.test(new URL(baseUrl).hostname);
}
