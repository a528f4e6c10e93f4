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

/**
 * One checked-out client and its transaction, which begins with the first statement, in one write with it, and ends with the
 * last.
 */
export class Session {
  readonly #client: pg.PoolClient;
  /** Texts that go out in front of the next statement. */
  #before: string[] = [];
  #begun = false;
  /** Answers nobody waits for before the end: who waits for a statement behind them hears of it too. */
  readonly #unheard: Promise<pg.QueryResult>[] = [];

  /** @param opening what begins the transaction; left out: each statement is one of its own */
  constructor(client: pg.PoolClient, opening?: string) {
    this.#client = client;
    if (opening) this.#before.push(opening);
  }

  /** Has a text without parameters sent in one write with the next statement. */
  precede(text: string): void {
    this.#before.push(text);
  }

  /** Sends statements together, in their order, without waiting for answers in between. */
  send(statements: readonly pg.QueryConfig[]): Promise<pg.QueryResult>[] {
    const { stream } = this.#client.connection;
    stream.cork();
    try {
      for (const text of this.#before.splice(0)) {
        const answer = this.#client.query(text);
        answer.catch(() => undefined);
        this.#unheard.push(answer);
        this.#begun = true;
      }
      return statements.map((statement) => this.#client.query(statement));
    } finally {
      stream.uncork();
    }
  }

  /** Commits, with the given statements before it; all in one write. Nothing is sent when there was no statement at all. */
  async commit(last: readonly pg.QueryConfig[]): Promise<void> {
    if (!this.#begun && last.length === 0) return;
    const answers = await Promise.all([...this.send([...last, { text: "commit" }]), ...this.#unheard]);
    // COMMIT of a transaction in which a statement failed (and was caught) is answered with ROLLBACK.
    if (answers[last.length]?.command !== "COMMIT")
      throw new Error("the transaction was rolled back: an error inside it was swallowed");
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
  #open = true;

  constructor(session: Session) {
    this.#session = session;
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
    const [answer] = this.#session.send([
      { name: preparedStatements.of(query.sql), text: query.sql, values: [...query.parameters] },
    ]);
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
