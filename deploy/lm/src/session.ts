import { userInfo } from "node:os";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  AppError,
  type Ctx,
  connectNats,
  createLogger,
  type Database,
  emit,
  forTenantRef,
  type Nats,
  openDatabase,
  type RpcClients,
  rpcClients,
  systemCtx,
} from "@leadmetrics/kit";
import { SERVICES, type ServiceName } from "@leadmetrics/local/system";
import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { EXIT, Problem, sentenceOf } from "./problem.ts";
import type { Target } from "./target.ts";

/** The name under which the operator's calls and acts are known. */
const NAME = "lm";
/** A service that isn't asked for has an address that nobody answers at. */
const NOWHERE = "http://127.0.0.1:9";
/** Milliseconds a call may take: a long chain takes a while to recompute. */
const CALL_MS = 60_000;

/** An act of the operator as it stands in the audit trail. */
interface Act {
  readonly action: string;
  readonly entityKind: string;
  readonly entityRef: string;
  readonly summary: string;
}

/** What a command reaches the platform through; each part is opened when it is first used. */
export class Session {
  readonly target: Target;
  readonly ctx: Ctx;
  #nats: Promise<Nats> | undefined;
  #rpc: RpcClients | undefined;
  readonly #databases = new Map<ServiceName, Database<unknown>>();
  readonly #log = createLogger({ service: NAME, level: "fatal" });

  constructor(target: Target) {
    this.target = target;
    this.ctx = systemCtx(NAME, {
      actor: { kind: "system", id: `${NAME}:${userInfo().username}` },
      log: this.#log,
    });
  }

  /** @throws {Problem} when the broker doesn't answer */
  async nats(): Promise<Nats> {
    try {
      this.#nats ??= connectNats({ url: this.target.natsUrl, name: NAME, absent: "fail" });
      return await this.#nats;
    } catch (error) {
      throw new Problem(
        `The broker at ${withoutPassword(this.target.natsUrl)} doesn't take the connection (${sentenceOf(error)}): ` +
          "see whether it runs, or name it with NATS_URL.",
      );
    }
  }

  /** Services whose database is known. */
  get services(): readonly ServiceName[] {
    return SERVICES.filter((service) => this.target.databaseUrl(service, "system"));
  }

  /**
   * A service's database with the role of its loops: it sees what a migration has opened to them, no tenant's content.
   *
   * @throws {Problem} when its address isn't known
   */
  database(service: ServiceName): Database<unknown> {
    const known = this.#databases.get(service);
    if (known) return known;
    const system = this.target.databaseUrl(service, "system");
    if (!system)
      throw new Problem(
        `Nobody said where the database of ${service} is: set ${service.toUpperCase()}_DATABASE_SYSTEM_URL.`,
      );
    const opened = openDatabase<unknown>({
      service,
      urls: { app: this.target.databaseUrl(service, "app") ?? system, system, platform: system },
      log: this.#log,
      poolSize: 2,
    });
    this.#databases.set(service, opened);
    return opened;
  }

  /** Runs work on a service's database and says in a sentence when it can't be reached. */
  async reaching<T>(service: ServiceName, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Problem) throw error;
      const cause = error instanceof AppError && error.cause ? error.cause : error;
      throw new Problem(
        `The database of ${service} refused the work (${sentenceOf(cause)}): lm doctor tells more.`,
      );
    }
  }

  /**
   * Calls a service as `lm`.
   *
   * @throws {Problem} when it can't be reached or refuses
   */
  async call<T>(service: ServiceName, work: (rpc: RpcClients) => Promise<T>): Promise<T> {
    const { target } = this;
    if (!target.secret)
      throw new Problem(
        "Nobody said who this is: set SERVICE_SECRET to the secret that identity has for lm.",
      );
    const url = target.rpcUrl(service);
    if (!url)
      throw new Problem(
        `Nobody said where ${service} is: set ${service.toUpperCase()}_URL to its RPC address.`,
      );
    this.#rpc ??= rpcClients({ name: NAME, urls: this.#urls(), secret: target.secret });
    try {
      return await work(this.#rpc);
    } catch (error) {
      throw refusalOf(service, url, error);
    }
  }

  /** The context of a call, which ends after a minute; about one tenant when its ref is given. */
  callCtx(tenantRef?: string): Ctx {
    const ctx = { ...this.ctx, signal: AbortSignal.timeout(CALL_MS) };
    return tenantRef === undefined ? ctx : forTenantRef(ctx, tenantRef);
  }

  /** Writes what the operator did into the audit trail, through the outbox of tenancy: it may be down meanwhile. */
  async audit(act: Act): Promise<void> {
    await this.reaching("tenancy", () =>
      this.database("tenancy").withSystem("audit the operator", (tx) =>
        emit(tx, this.ctx, AuditRecordedSchema, { ...act }, { aggregate: `${NAME}:${act.entityRef}` }),
      ),
    );
  }

  async close(): Promise<void> {
    const nats = await this.#nats?.catch(() => undefined);
    await Promise.all([nats?.close(), ...[...this.#databases.values()].map((db) => db.close())]);
  }

  #urls() {
    const url = (service: ServiceName) => this.target.rpcUrl(service) ?? NOWHERE;
    return {
      IDENTITY_URL: url("identity"),
      TENANCY_URL: url("tenancy"),
      CONTENT_URL: url("content"),
      AGENTS_URL: url("agents"),
      BILLING_URL: url("billing"),
      NOTIFICATIONS_URL: url("notifications"),
      RAG_URL: url("rag"),
      SEARCH_URL: url("search"),
    };
  }
}

function refusalOf(service: ServiceName, url: string, error: unknown): Problem {
  const { code } = ConnectError.from(error);
  if (code === Code.Unauthenticated || code === Code.PermissionDenied)
    return new Problem(
      `${service} doesn't take this for lm: identity needs lm among its SERVICE_SECRETS, with the same secret ` +
        "(a platform that was started before lm was there needs a restart).",
    );
  if (code === Code.Unavailable || code === Code.DeadlineExceeded)
    return new Problem(
      `${service} doesn't answer at ${url} (${sentenceOf(error)}): lm status shows what runs.`,
    );
  if (code === Code.NotFound || code === Code.InvalidArgument)
    return new Problem(sentenceOf(error), EXIT.usage);
  return new Problem(`${service} could not do it: ${sentenceOf(error)}`);
}

/** An address as it may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/g, "//");
}
