import { createHash } from "node:crypto";
import { ADAPTER_CATALOGUE } from "../adapters/index.ts";
import type { Check } from "../adapters/port.ts";
import { TUNABLES } from "../tunables.ts";
import { adapterTested } from "../work/metrics.ts";
import type { Setup } from "./setup.ts";

/** Whether runs can use a setup now. `transient` means that asking again soon makes sense. */
export type Health =
  | { ok: true }
  | {
      ok: false;
      problem: string;
      transient: boolean /** Milliseconds it has been so, as far as this process knows. */;
      forMs: number;
    };

/** Tests adapters before runs use them, and believes an answer for a while: one test per setup, however many runs wait. */
export class AdapterHealth {
  readonly #known = new Map<string, { health: Promise<Health>; until: number }>();
  readonly #failingSince = new Map<string, number>();

  of(setup: Setup): Promise<Health> {
    const key = keyOf(setup);
    const known = this.#known.get(key);
    if (known && known.until > Date.now()) return known.health;
    const health = this.#ask(key, setup);
    const entry = { health, until: Date.now() + TUNABLES.health.testMs };
    this.#known.set(key, entry);
    void health.then(({ ok }) => {
      entry.until = Date.now() + (ok ? TUNABLES.health.goodMs : TUNABLES.health.badMs);
    });
    return health;
  }

  async #ask(key: string, setup: Setup): Promise<Health> {
    const tested = await test(setup);
    if (tested.ok) {
      this.#failingSince.delete(key);
      return tested;
    }
    const since = this.#failingSince.get(key) ?? Date.now();
    this.#failingSince.set(key, since);
    return { ...tested, forMs: Date.now() - since };
  }

  /** A run was refused by what was thought to be good: ask again before the next one. */
  forget(setup: Setup): void {
    this.#known.delete(keyOf(setup));
  }
}

type Tested = { ok: true } | { ok: false; problem: string; transient: boolean };

async function test(setup: Setup): Promise<Tested> {
  const { ok, checks, transient } = await testSetup(setup);
  adapterTested(setup.adapter, ok);
  if (ok) return { ok: true };
  const failed = checks.find((check) => !check.ok);
  return { ok: false, problem: sentence(failed), transient: transient !== undefined };
}

/** Asks the adapter whether it could work; never throws. */
export function testSetup({ adapter, model, settings }: Setup) {
  const { create } = ADAPTER_CATALOGUE[adapter];
  return create(settings).test(model, AbortSignal.timeout(TUNABLES.health.testMs));
}

const sentence = (check: Check | undefined): string =>
  check ? [check.message, check.hint].filter(Boolean).join(" ") : "The adapter can't work.";

function keyOf({ adapter, model, settings }: Setup): string {
  return createHash("sha256")
    .update(JSON.stringify([adapter, model, settings.baseUrl, settings.apiKey]))
    .digest("hex");
}
