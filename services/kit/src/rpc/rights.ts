import type { KV } from "@nats-io/kv";
import { asTenantId, type TenantId, tryFromRef } from "../ids.ts";
import type { Logger } from "../log.ts";
import { platformSettings } from "../settings/known.ts";

/** The bucket that every verifier watches. */
export const RIGHTS_BUCKET = "AUTHZ";
const REVOKED = "revoked.";
const ASSIGNED = "assigned.";
const CONTRACT = "contract.";
const RECOVER_MS = 500;
/** Milliseconds between two looks whether the bucket was made anew. */
const ANEW_MS = 5_000;

/** Key that says a session is over; any value. */
export const revokedKey = (sessionRef: string) => `${REVOKED}${sessionRef}`;
/** Key with a JSON array of the tenants a reviewer is assigned to. */
export const assignedKey = (userRef: string) => `${ASSIGNED}${userRef}`;

/** Key that says a tenant's contract waits for its yes; any value. */
export const contractKey = (tenantRef: string) => `${CONTRACT}${tenantRef}`;

/**
 * What changes faster than a token lives: ended sessions, reviewers' tenants, contracts that wait, the platform's settings.
 * Kept in memory by watching the bucket; who isn't in it is assigned to nothing.
 */
export class Rights {
  readonly #revoked = new Set<string>();
  readonly #assigned = new Map<string, readonly TenantId[]>();
  readonly #beforeContract = new Set<string>();
  #stopped = false;
  #stopWatch: (() => void) | undefined;
  #anew: NodeJS.Timeout | undefined;

  isRevoked(sessionRef: string): boolean {
    return this.#revoked.has(sessionRef);
  }

  assignedTo(userRef: string): readonly TenantId[] {
    return this.#assigned.get(userRef) ?? [];
  }

  /** Whether a tenant's contract waits for its yes. */
  awaitsContract(tenantRef: string): boolean {
    return this.#beforeContract.has(tenantRef);
  }

  /** Resolves when everything that is in the bucket now is known; goes on watching until stopped. */
  async watch(kv: KV, log: Logger): Promise<void> {
    const { values } = await kv.status();
    this.#noticeNewBucket(kv, log);
    await new Promise<void>((known) => {
      if (values === 0) known();
      void this.#follow(kv, log, known);
    });
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#anew);
    this.#stopWatch?.();
  }

  /** For tests and for the service that makes the change: applies one entry at once. */
  apply(key: string, value: string | undefined): void {
    if (key.startsWith(REVOKED)) {
      if (value === undefined) this.#revoked.delete(key.slice(REVOKED.length));
      else this.#revoked.add(key.slice(REVOKED.length));
    } else if (key.startsWith(ASSIGNED)) {
      this.#assigned.set(key.slice(ASSIGNED.length), tenantsOf(value));
    } else if (key.startsWith(CONTRACT)) {
      if (value === undefined) this.#beforeContract.delete(key.slice(CONTRACT.length));
      else this.#beforeContract.add(key.slice(CONTRACT.length));
    } else platformSettings.apply(key, value);
  }

  /**
   * A broker that lost its disk numbers the bucket's entries from 1 again: a watch that waits for the next number would hear
   * of nothing more. What is known stays known until the new bucket says otherwise.
   */
  #noticeNewBucket(kv: KV, log: Logger): void {
    let created: string | undefined;
    const look = async () => {
      const now = await kv
        .status()
        .then(({ streamInfo }) => String(streamInfo.created))
        .catch(() => created);
      if (created !== undefined && now !== created) {
        log.warn({ created: now }, "the rights were made anew, watching them from their beginning");
        this.#stopWatch?.();
      }
      created = now;
    };
    void look();
    this.#anew = setInterval(() => void look(), ANEW_MS);
    this.#anew.unref();
  }

  async #follow(kv: KV, log: Logger, known: () => void): Promise<void> {
    while (!this.#stopped) {
      try {
        const watch = await kv.watch();
        this.#stopWatch = () => watch.stop();
        for await (const entry of watch) {
          this.apply(entry.key, entry.operation === "PUT" ? entry.string() : undefined);
          if (entry.delta === 0) known();
        }
      } catch (error) {
        log.warn({ err: error }, "watching rights was interrupted, starting again");
      }
      await new Promise((resolve) => setTimeout(resolve, RECOVER_MS));
    }
  }
}

function tenantsOf(value: string | undefined): TenantId[] {
  if (value === undefined) return [];
  const refs = parsed(value);
  if (!Array.isArray(refs)) return [];
  return refs.flatMap((ref) => {
    const id = typeof ref === "string" ? tryFromRef(ref) : undefined;
    return id ? [asTenantId(id)] : [];
  });
}

/** What can't be read assigns nobody to anything; thrown, it would end the watch for everybody. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
