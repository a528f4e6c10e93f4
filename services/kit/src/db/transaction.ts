import type { QueryExecutorProvider, Transaction } from "kysely";

/** Stamped on a transaction in the type system only, so that a query can't be handed a bare connection. */
declare const tenantScope: unique symbol;

/** A transaction that sees exactly the tenants of the context it was opened with. */
export type TenantTx<DB> = Transaction<DB> & { readonly [tenantScope]: "tenant" };

/** Any transaction of a service's database: a tenant's, the platform's, a system loop's, or one without a tenant. */
export type Tx<DB> = Transaction<DB>;

/** A transaction of whichever database: for helpers whose statements don't depend on its tables. */
export type AnyTx = QueryExecutorProvider & { readonly isTransaction: true };

/** What belongs to a transaction until it ends. */
export interface Lifetime {
  /** The service whose database this is. */
  readonly service: string;
  readonly hooks: Array<() => void>;
  /** The one tenant whose rows it sees; undefined for several, none, or the platform. */
  readonly tenantId: string | undefined;
  /** Events said so far; they are written before the commit. */
  readonly events: OutboxRow[];
  /** Tells the relay of the database that there is work; cleared once it is among the hooks. */
  wakeRelay: (() => void) | undefined;
}

/** An event on its way into the outbox. */
export interface OutboxRow {
  readonly id: string;
  readonly tenantId: string | null;
  readonly aggregate: string;
  readonly subject: string;
  readonly type: string;
  readonly headers: string;
  readonly payload: Buffer;
}

const lifetimes = new WeakMap<object, Lifetime>();

/** Registers a transaction the kit has opened. */
export function trackTransaction(
  tx: object,
  options: { service: string; tenantId: string | undefined; wakeRelay: () => void },
): Lifetime {
  const lifetime: Lifetime = { ...options, hooks: [], events: [] };
  lifetimes.set(tx, lifetime);
  return lifetime;
}

/**
 * Runs `hook` after the transaction has committed, never when it rolled back. For in-process signals only (a cache to
 * drop, a loop to wake): what must not be lost belongs in the outbox.
 */
export function onCommit(tx: AnyTx, hook: () => void): void {
  lifetimeOf(tx).hooks.push(hook);
}

/** Has what Kysely derived from a transaction (one with a plugin, say) count as that transaction. */
export function derivedFrom<T extends AnyTx>(tx: AnyTx, derived: T): T {
  lifetimes.set(derived, lifetimeOf(tx));
  return derived;
}

/** The one tenant whose rows a transaction sees, if it is one. */
export function tenantOf(tx: AnyTx): string | undefined {
  return lifetimeOf(tx).tenantId;
}

/** The service an event of the transaction comes from. */
export function serviceOf(tx: AnyTx): string {
  return lifetimeOf(tx).service;
}

/** Has an event written with the transaction, and the relay woken once it has committed. */
export function addEvent(tx: AnyTx, row: OutboxRow): void {
  const lifetime = lifetimeOf(tx);
  lifetime.events.push(row);
  if (lifetime.wakeRelay) {
    lifetime.hooks.push(lifetime.wakeRelay);
    lifetime.wakeRelay = undefined;
  }
}

function lifetimeOf(tx: object): Lifetime {
  const lifetime = lifetimes.get(tx);
  if (!lifetime)
    throw new Error("this transaction wasn't opened by withTenant, withPlatform, withSystem or global");
  return lifetime;
}
