import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Choice, startNats, startPostgres } from "@leadmetrics/kit/backends";
import { BROKER_USERS, OPERATOR } from "./broker-rights.ts";
import { startMailCatcher } from "./mail/server.ts";
import type { Place } from "./place.ts";
import { startSandboxSite } from "./sandbox-site/server.ts";
import type { SecretsFile } from "./secrets-file.ts";
import { BACKEND_PORTS } from "./system.ts";

export interface Backends {
  readonly adminUrl: string;
  /** Of the broker's user who may do everything. */
  readonly natsUrl: string;
  /** A service's own user, who may do what `broker-rights.ts` says. With a broker given from outside: the same for all. */
  readonly natsUrlOf: (service: string) => string;
  readonly smtpUrl: string;
  /** Web inbox of the mail catcher; undefined when mail goes elsewhere. */
  readonly mailUrl?: string;
  readonly sandboxUrl: string;
  /** What was taken for each need and why, for people. */
  readonly choices: readonly (Choice & { need: string })[];
  /** Servers that run as processes of their own now. */
  readonly pids: () => readonly number[];
  readonly nats?: NatsControl;
  readonly postgres?: ServerControl;
  stop(): Promise<void>;
}

/** For tests of outages. */
export interface ServerControl {
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface NatsControl extends ServerControl {
  /** What a lost disk would do: everything the stopped server had stored is gone. */
  lose(): Promise<void>;
}

export interface BackendOptions {
  readonly secrets: SecretsFile;
  /** false: speed over safety, for tests. */
  readonly durable: boolean;
  readonly log: (line: string) => void;
  /** Called with each failure that happens while the platform runs. */
  readonly onLost: (what: string) => void;
}

/** Starts what isn't given by URL: Postgres, NATS, the mail catcher and the sandbox site. Stops what started if one can't. */
export async function startBackends(place: Place, options: BackendOptions): Promise<Backends> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const [database, broker] = await settled([postgres(place, options, stops), nats(place, options, stops)]);
    const mail = await mailCatcher(place, stops);
    const site = await startSandboxSite({
      port: place.port(BACKEND_PORTS.sandboxSite),
      dir: place.dir("sandbox-site"),
    });
    stops.push(site.stop);
    return {
      adminUrl: database.url,
      natsUrl: broker.url,
      natsUrlOf: broker.urlOf,
      smtpUrl: mail.smtpUrl,
      mailUrl: mail.url,
      sandboxUrl: site.url,
      pids: () => [database.pid(), broker.pid()].filter((pid) => pid !== undefined),
      nats: broker.control,
      postgres: database.control,
      choices: [
        { need: "Postgres", ...database.choice },
        { need: "NATS", ...broker.choice },
        { need: "mail", ...mail.choice },
        {
          need: "a site",
          backend: `sandbox WordPress at ${site.url}`,
          why: "so that published posts can be looked at",
        },
        ...choicesOfServices(process.env),
      ],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Like Promise.all, but waits for all, so that nothing is still starting when the caller cleans up. */
async function settled<A, B>(promises: [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

async function postgres(place: Place, options: BackendOptions, stops: (() => Promise<void>)[]) {
  const given = process.env.POSTGRES_ADMIN_URL;
  if (given)
    return {
      url: given,
      pid: () => undefined,
      control: undefined,
      choice: { backend: "your Postgres", why: "POSTGRES_ADMIN_URL names it" },
    };
  const start = () =>
    startPostgres({
      dataDir: join(place.dataDir, "postgres"),
      port: place.port(BACKEND_PORTS.postgres),
      durable: options.durable,
      log: options.log,
    });
  let server = await start();
  let stopping = false;
  const watch = () => void server.ended.then(() => stopping || options.onLost("Postgres"));
  watch();
  const control: ServerControl = {
    async stop() {
      stopping = true;
      await server.stop();
    },
    async start() {
      server = await start();
      stopping = false;
      watch();
    },
  };
  stops.push(control.stop);
  return { url: server.adminUrl, pid: () => server.pid, control, choice: server.choice };
}

async function nats(place: Place, options: BackendOptions, stops: (() => Promise<void>)[]) {
  const given = process.env.NATS_URL;
  if (given)
    return {
      url: given,
      urlOf: () => given,
      pid: () => undefined,
      control: undefined,
      choice: { backend: "your NATS", why: "NATS_URL names it" },
    };
  const password = (user: string) => options.secrets.secret(`broker.${user}`);
  const start = () =>
    startNats({
      storeDir: join(place.dataDir, "nats"),
      port: place.port(BACKEND_PORTS.nats),
      monitorPort: place.port(BACKEND_PORTS.natsMonitor),
      sync: options.durable ? "always" : undefined,
      localDir: place.localDir,
      log: options.log,
      users: [
        { name: OPERATOR, password: password(OPERATOR) },
        ...BROKER_USERS.map(({ name, ...allow }) => ({ name, password: password(name), allow })),
      ],
    });
  let server = await start();
  let stopping = false;
  const watch = () => void server.ended.then(() => stopping || options.onLost("NATS"));
  watch();
  const control: NatsControl = {
    async stop() {
      stopping = true;
      await server.stop();
    },
    async start() {
      server = await start();
      stopping = false;
      watch();
    },
    lose: () => rm(join(place.dataDir, "nats"), { recursive: true, force: true }),
  };
  stops.push(control.stop);
  const urlOf = (user: string) => server.url.replace("//", `//${user}:${password(user)}@`);
  return { url: urlOf(OPERATOR), urlOf, pid: () => server.pid, control, choice: server.choice };
}

async function mailCatcher(place: Place, stops: (() => Promise<void>)[]) {
  const given = process.env.SMTP_URL;
  if (given)
    return {
      smtpUrl: given,
      url: undefined,
      choice: { backend: "your mail server", why: "SMTP_URL names it" },
    };
  const catcher = await startMailCatcher({
    smtpPort: place.port(BACKEND_PORTS.smtp),
    webPort: place.port(BACKEND_PORTS.mail),
    dir: place.dir("mail"),
  });
  stops.push(catcher.stop);
  return {
    smtpUrl: catcher.smtpUrl,
    url: catcher.url,
    choice: {
      backend: `mail catcher at ${catcher.url}`,
      why: "no mail leaves this machine; SMTP_URL would change that",
    },
  };
}

/** Backends the services choose by themselves from the same variables; said here so that one place tells all. */
export function choicesOfServices(env: NodeJS.ProcessEnv): (Choice & { need: string })[] {
  const choice = (need: string, variable: string, there: string, otherwise: string) =>
    env[variable]
      ? { need, backend: there, why: `${variable} is set` }
      : { need, backend: otherwise, why: `${variable} is not set` };
  return [
    llm(env),
    env.OPENAI_API_KEY || env.GEMINI_API_KEY
      ? { need: "embeddings", backend: env.OPENAI_API_KEY ? "OpenAI" : "Gemini", why: "its key is set" }
      : {
          need: "embeddings",
          backend: "hashed n-grams (labelled)",
          why: "no OPENAI_API_KEY or GEMINI_API_KEY is set",
        },
    choice("vectors", "QDRANT_URL", "Qdrant", "LanceDB on disk"),
    choice("search", "TYPESENSE_URL", "Typesense", "Postgres full text"),
    choice("audit", "MONGO_URL", "MongoDB", "Postgres"),
    choice("files", "S3_BUCKET", "S3", "a folder"),
  ];
}

function llm(env: NodeJS.ProcessEnv): Choice & { need: string } {
  const keys = [
    ["ANTHROPIC_API_KEY", "Claude"],
    ["OPENAI_API_KEY", "OpenAI"],
  ] as const;
  for (const [variable, backend] of keys)
    if (env[variable]) return { need: "LLM", backend, why: `${variable} is set` };
  return {
    need: "LLM",
    backend: "offline drafts (labelled)",
    why: "no ANTHROPIC_API_KEY or OPENAI_API_KEY is set",
  };
}
