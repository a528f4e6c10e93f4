import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  Transaction,
} from "kysely";
import pg from "pg";

// int8 arrives as text because it may not fit a number; ours are counts and minor units, which do. One that doesn't
// is an error, not a rounded value.
const INT8 = 20;
// A calendar day has no time zone: it stays the text it is, 2026-12-31.
const DATE = 1082;
const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (format === "binary") return pg.types.getTypeParser(oid, format);
    if (oid === INT8) return safeInteger;
    return oid === DATE ? (text: string | null) => text : pg.types.getTypeParser(oid, format);
  },
};

function safeInteger(text: string | null): number | null {
  if (text === null) return null;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a number`);
  return value;
}

/** A pool whose sessions give up on slow statements and on transactions left open. */
export function openPool(url: string, max: number, onIdleError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 10_000,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // Statements don't wait for the answers to those before them; the server handles them in their order.
    pipeline: true,
  });
  // Without a listener a server restart would end the process.
  pool.on("error", onIdleError);
  // Nor does the pool listen to a client that is in use: one that is lost between two statements fails the next.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** Statements that are kept prepared; one with a list of values written out has a text for every length. */
const PREPARED_MAX = 1_000;

/**
 * Names for the texts of statements: a named one is parsed and planned once a connection, and not on every call. Row-level
 * security makes planning the dearer half of a small query.
 */
class StatementNames {
  readonly #names = new Map<string, string>();
  #generation = 0;

  /** Undefined when too many are kept already. */
  of(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known) return known;
    if (this.#names.size >= PREPARED_MAX) return undefined;
    const name = `lm_${this.#generation}_${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  /** Every statement gets another name: a migration has changed what the old ones return. */
  renew(): void {
    this.#names.clear();
    this.#generation += 1;
  }
}

export const preparedStatements = new StatementNames();

/** Milliseconds a transaction that only read may stay open on a connection nobody uses. */
const READ_LINGERS_MS = 5;

/** Connections whose last transaction only read: its COMMIT goes out with what they are used for next, or when the time is up. */
const lingering = new WeakMap<pg.PoolClient, NodeJS.Timeout>();

/**
 * One checked-out client and its transaction, which begins with the first statement, in one write with it, and ends with the
 * last. Statements that are made before anybody waits for an answer go out in one write too.
 */
export class Session {
  readonly #client: pg.PoolClient;
  /** Whether what is sent waits for the end of the turn. */
  #gathering = false;
  /** Texts that go out in front of the next statement. */
  readonly #before: string[] = [];
  /** The command that set whose rows are seen now. */
  #scope: string | undefined;
  #begun = false;
  /** Answers nobody waits for before the end: who waits for a statement behind them hears of it too. */
  readonly #unheard: Promise<pg.QueryResult>[] = [];

  /** @param begin what begins the transaction; left out: each statement is one of its own */
  constructor(client: pg.PoolClient, begin?: string) {
    this.#client = client;
    if (begin) this.#before.push(begin);
  }

  /**
   * Sends statements together, in their order, without waiting for answers in between.
   *
   * @param scope the command that says whose rows they see; sent in front of them where it wasn't the last one
   */
  send(statements: readonly pg.QueryConfig[], scope?: string): Promise<pg.QueryResult>[] {
    this.#gather();
    this.#endReading();
    if (scope !== undefined && scope !== this.#scope) {
      this.#scope = scope;
      this.#before.push(scope);
    }
    if (this.#before.length > 0) {
      const answer = this.#client.query(this.#before.splice(0).join("; "));
      answer.catch(() => undefined);
      this.#unheard.push(answer);
      this.#begun = true;
    }
    return statements.map((statement) => this.#client.query(statement));
  }

  /** Not before something is sent: who takes the connection may come to send nothing at all. */
  #endReading(): void {
    const ending = lingering.get(this.#client);
    if (!ending) return;
    clearTimeout(ending);
    lingering.delete(this.#client);
    this.#before.unshift("commit");
  }

  /** A write to a socket costs more than a small statement: those of one turn of the event loop share it. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    const { stream } = this.#client.connection;
    stream.cork();
    process.nextTick(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  /** Commits, with the given statements before it; all in one write. Nothing is sent when there was no statement at all. */
  async commit(
    last: readonly { statements: readonly pg.QueryConfig[]; scope: string | undefined }[],
  ): Promise<void> {
    const writes = last.filter(({ statements }) => statements.length > 0);
    if (!this.#begun && writes.length === 0) return;
    const written = writes.flatMap(({ statements, scope }) => this.send(statements, scope));
    const [committed] = this.send([{ text: "commit" }]);
    const [answer] = await Promise.all([committed, ...written, ...this.#unheard]);
    // COMMIT of a transaction in which a statement failed (and was caught) is answered with ROLLBACK.
    if (answer?.command !== "COMMIT")
      throw new Error("the transaction was rolled back: an error inside it was swallowed");
  }

  /** The end of a transaction that only read: nobody waits for its COMMIT. */
  async readOut(): Promise<void> {
    if (!this.#begun) return;
    await Promise.all(this.#unheard);
    const client = this.#client;
    const commit = () => {
      lingering.delete(client);
      // A connection that is lost meanwhile has no transaction either.
      client.query("commit").catch(() => undefined);
    };
    lingering.set(client, setTimeout(commit, READ_LINGERS_MS).unref());
  }

  /** @returns why the connection can't be used again, if it can't */
  async rollback(): Promise<Error | undefined> {
    if (!this.#begun) return undefined;
    return this.#client.query("rollback").then(
      () => undefined,
      (error: Error) => error,
    );
  }
}

/** A session as Kysely sees it, for one transaction or one part of it; refuses to run anything after its end. */
export class SessionConnection implements DatabaseConnection {
  readonly #session: Session;
  readonly #scope: string | undefined;
  #open = true;

  /** @param scope the command that says whose rows are seen through it */
  constructor(session: Session, scope: string | undefined) {
    this.#session = session;
    this.#scope = scope;
  }

  /** It is over: a query that is still on its way is a forgotten `await`. */
  close(): void {
    this.#open = false;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.#open)
      throw new Error(
        `query after the end of its transaction (a missing await?): ${query.sql.slice(0, 120)}`,
      );
    const [answer] = this.#session.send(
      [{ name: preparedStatements.of(query.sql), text: query.sql, values: [...query.parameters] }],
      this.#scope,
    );
    const { rows = [], rowCount = null } = (await answer) ?? {};
    return { rows, numAffectedRows: rowCount === null ? undefined : BigInt(rowCount) };
  }

  // biome-ignore lint/correctness/useYield: part of the interface; nothing streams rows through a transaction
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("streaming a query isn't supported: page through it by key");
  }
}

/** The dialect's own driver is never asked for a connection: every transaction brings one. */
const noDriver: Driver = {
  init: async () => {},
  acquireConnection: async () => {
    throw new Error("queries run in withTenant, withPlatform, withSystem or global");
  },
  beginTransaction: async () => {},
  commitTransaction: async () => {},
  rollbackTransaction: async () => {},
  releaseConnection: async () => {},
  destroy: async () => {},
};

/**
 * Makes Kysely transactions over clients that are checked out (and begun) elsewhere. The compiler and the executor
 * are built once; a transaction costs one small object.
 */
export function transactionFactory<DB>(): (connection: SessionConnection) => Transaction<DB> {
  const dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => noDriver,
    createIntrospector: (db: Kysely<DB>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  const config = { dialect };
  const executor = new Kysely<DB>(config).getExecutor();
  return (connection) =>
    new Transaction<DB>({
      config,
      dialect,
      driver: noDriver,
      executor: executor.withConnectionProvider({ provideConnection: (use) => use(connection) }),
    });
}
