import { type AuditRecorded, AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { QueryResult, RawBuilder, Transaction } from "kysely";
import type pg from "pg";
import { allDone } from "../all-done.ts";
import type { Ctx } from "../context.ts";
import { errors } from "../errors.ts";
import type { TenantId } from "../ids.ts";
import type { Logger } from "../log.ts";
import { emit } from "../outbox/emit.ts";
import { checkOut, namePools, poolSampler } from "../telemetry/samplers/pools.ts";
import { sample } from "../telemetry/samples.ts";
import {
  openPool,
  preparedStatements,
  Session,
  SessionConnection,
  transactionFactory,
} from "./connection.ts";
import { outboxInserts } from "./outbox-inserts.ts";
import { isSerializationFailure, isStalePlan, mapPgError } from "./pg-errors.ts";
import { type Lifetime, type TenantTx, type Tx, trackTransaction } from "./transaction.ts";

export interface DatabaseOptions {
  readonly service: string;
  /** One URL per role; see base.sql for what each role may. */
  readonly urls: { readonly app: string; readonly system: string; readonly platform: string };
  readonly log: Logger;
  /** Connections of the app role, 10 by default; the other roles get fewer. */
  readonly poolSize?: number;
}

/** A part of a transaction; undefined for the platform, which has no tenant. */
export interface TransactionPart<DB> {
  readonly tenantId: TenantId | undefined;
  readonly work: (tx: TenantTx<DB>) => Promise<void>;
}

/** The only way to a service's data. Keep transactions short: none spans a call to another service or a model. */
export interface Database<DB> {
  readonly service: string;
  /** Sees and writes the rows of the context's tenants, nothing else. */
  withTenant<T>(
    ctx: Ctx,
    work: (tx: TenantTx<DB>) => Promise<T>,
    options?: { readOnly?: boolean },
  ): Promise<T>;
  /**
   * Across tenants, for people of the platform: a super admin everywhere, a reviewer in the tenants assigned to them.
   * Leaves an audit entry with the reason in the same transaction.
   */
  withPlatform<T>(ctx: Ctx, reason: string, work: (tx: Tx<DB>) => Promise<T>): Promise<T>;
  /** For the service's own loops, on the tables a migration opened to them with kit.system_access. */
  withSystem<T>(purpose: string, work: (tx: Tx<DB>) => Promise<T>): Promise<T>;
  /** {@link withSystem} for a single statement: one round trip to the database instead of two. */
  systemStatement<R>(purpose: string, statement: RawBuilder<R>): Promise<QueryResult<R>>;
  /** Tables without tenant_id; tenant tables show no rows. */
  global<T>(work: (tx: Tx<DB>) => Promise<T>): Promise<T>;
  /**
   * One transaction in parts that are done at the same time, each of which sees its own tenant's rows alone, or no tenant's:
   * for deliveries that commit together. Two parts of one tenant don't wait for each other's locks, so there must be none.
   */
  together(parts: readonly TransactionPart<DB>[]): Promise<void>;
  /** Calls back after each commit that left events to send; returns the way to unsubscribe. */
  onEventsCommitted(listener: () => void): () => void;
  /** Fails unless the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** How a transaction begins. */
interface Opening {
  /** Left out: each statement is a transaction of its own. */
  readonly begin: string | undefined;
  readonly readOnly: boolean;
}

/** Whose rows are seen. */
interface Sight {
  /** The one tenant, where it is one. */
  readonly tenantId: string | undefined;
  /** The command that has the transaction see them; left out where the role decides. */
  readonly scope: string | undefined;
}

/** What is done in a transaction; `enter` opens a part of it. */
type Work<DB, T> = (enter: (sight: Sight) => Transaction<DB>) => Promise<T>;

const PLAIN: Opening = { begin: "begin", readOnly: false };
const READING: Opening = { begin: "begin read only", readOnly: true };
const NONE: Opening = { begin: undefined, readOnly: false };
const BY_ROLE: Sight = { tenantId: undefined, scope: undefined };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Opens the pools of a service's three roles; nothing connects until it is used. */
export function openDatabase<DB>(options: DatabaseOptions): Database<DB> {
  const { service, urls, log } = options;
  const onIdleError = (error: Error) => log.warn({ err: error }, "an idle database connection was lost");
  const size = options.poolSize ?? 10;
  const pools = {
    app: openPool(urls.app, size, onIdleError),
    system: openPool(urls.system, Math.max(2, Math.ceil(size / 3)), onIdleError),
    platform: openPool(urls.platform, Math.max(2, Math.ceil(size / 5)), onIdleError),
  };
  namePools(pools);
  const stopSampling = sample(poolSampler(pools));
  const listeners = new Set<() => void>();
  const wakeRelay = () => {
    for (const listener of listeners) listener();
  };
  const newTransaction = transactionFactory<DB>();

  async function once<T>(pool: pg.Pool, { begin, readOnly }: Opening, work: Work<DB, T>): Promise<T> {
    const client = await checkOut(pool);
    const session = new Session(client, begin);
    const parts: { connection: SessionConnection; lifetime: Lifetime; scope: string | undefined }[] = [];
    const enter = ({ tenantId, scope }: Sight): Transaction<DB> => {
      const connection = new SessionConnection(session, scope);
      const tx = newTransaction(connection);
      parts.push({ connection, lifetime: trackTransaction(tx, { service, tenantId, wakeRelay }), scope });
      return tx;
    };
    const end = () => {
      for (const { connection } of parts) connection.close();
    };
    let broken: Error | undefined;
    try {
      const result = await work(enter);
      end();
      const said = parts.filter(({ lifetime }) => lifetime.events.length > 0);
      await (readOnly && said.length === 0
        ? session.readOut()
        : session.commit(
            said.map(({ lifetime, scope }) => ({ statements: outboxInserts(lifetime.events), scope })),
          ));
      for (const { lifetime } of parts) for (const hook of lifetime.hooks) hook();
      return result;
    } catch (error) {
      end();
      broken = await session.rollback();
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Runs the work, a second time when it lost against a concurrent transaction or met a table that has just changed. */
  async function run<T>(pool: pg.Pool, opening: Opening, work: Work<DB, T>): Promise<T> {
    try {
      return await once(pool, opening, work).catch((error: unknown) => {
        if (isStalePlan(error)) preparedStatements.renew();
        else if (!isSerializationFailure(error)) throw error;
        return once(pool, opening, work);
      });
    } catch (error) {
      throw mapPgError(error) ?? error;
    }
  }

  function asSystem<T>(purpose: string, opening: Opening, work: (tx: Tx<DB>) => Promise<T>): Promise<T> {
    return run(pools.system, opening, (enter) => work(enter(BY_ROLE))).catch((error: unknown) => {
      log.debug({ err: error, purpose }, "a system transaction failed");
      throw error;
    });
  }

  return {
    service,

    withTenant(ctx, work, { readOnly = false } = {}) {
      const sight = sightOf(ctx.tenantIds);
      return run(pools.app, readOnly ? READING : PLAIN, (enter) => work(enter(sight) as TenantTx<DB>));
    },

    async withPlatform(ctx, reason, work) {
      const { principal } = ctx;
      if (principal.kind !== "platform") throw errors.forbidden();
      if (reason.trim() === "") throw errors.invalid("Say why data of several tenants is looked at.");
      const audited = async (tx: Tx<DB>) => {
        await recordAccess(tx, ctx, service, reason);
        return work(tx);
      };
      // A reviewer stays under the tenants' own policies; only a super admin changes the role.
      return principal.role === "super_admin"
        ? run(pools.platform, PLAIN, (enter) => audited(enter(BY_ROLE)))
        : run(pools.app, PLAIN, (enter) => audited(enter(sightOf(ctx.tenantIds))));
    },

    withSystem(purpose, work) {
      return asSystem(purpose, PLAIN, work);
    },

    systemStatement(purpose, statement) {
      return asSystem(purpose, NONE, (tx) => statement.execute(tx));
    },

    global(work) {
      return run(pools.app, PLAIN, (enter) => work(enter(BY_ROLE)));
    },

    async together(parts) {
      const seeing = parts.map(({ tenantId, work }) => ({
        sight: sightOf(tenantId ? [tenantId] : []),
        work,
      }));
      await run(pools.app, PLAIN, (enter) =>
        allDone(seeing.map(({ sight, work }) => work(enter(sight) as TenantTx<DB>))),
      );
    },

    onEventsCommitted(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async ping() {
      await pools.app.query("select 1");
    },

    async close() {
      stopSampling();
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
    },
  };
}

/**
 * The rows of these tenants. Sent in one command with BEGIN, which can't take parameters, so the ids are checked to be UUIDs and
 * written in.
 */
function sightOf(tenantIds: readonly string[]): Sight {
  for (const id of tenantIds) {
    if (!UUID.test(id)) throw new Error(`"${id}" is not a tenant id`);
  }
  // As before any tenant was named.
  const list = tenantIds.length === 0 ? "" : `{${tenantIds.join(",")}}`;
  return {
    tenantId: tenantIds.length === 1 ? tenantIds[0] : undefined,
    scope: `set local app.tenant_ids = '${list}'`,
  };
}

function recordAccess<DB>(tx: Tx<DB>, ctx: Ctx, service: string, reason: string) {
  return emit(
    tx,
    ctx,
    AuditRecordedSchema,
    {
      action: `${service}.platform.accessed`,
      entityKind: "service",
      entityRef: service,
      summary: `Looked across tenants in ${service}`,
      reason,
    } satisfies Partial<AuditRecorded>,
    { aggregate: `audit:${ctx.requestId}` },
  );
}
