/**
 * The map of the whole: every process, its ports, what it needs and whom it calls. The local runner, the end-to-end
 * tests and the load tests start exactly this; the Helm chart has the same names.
 */

import { people } from "./people.ts";

/** The services that own a database and are reached by RPC. */
export const SERVICES = [
  "identity",
  "tenancy",
  "content",
  "agents",
  "billing",
  "notifications",
  "rag",
  "search",
] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Everything that needs a secret of its own at identity: the services, the gateway and the operator's command line. */
export const SERVICE_CLIENTS = [...SERVICES, "gateway", "lm"] as const;

export type Kind = "service" | "worker" | "gateway" | "portal";

export interface ProcessSpec {
  readonly name: string;
  readonly kind: Kind;
  /** One sentence for people who read this file or the runner's output. */
  readonly does: string;
  /** Folder in the repository. */
  readonly dir: string;
  /** Started file below `dir`; portals are started by Next. */
  readonly main?: string;
  /** Whose database, secret and configuration it has: a worker has its service's. */
  readonly service?: ServiceName | "gateway";
  /** Offsets from the port base (4100). */
  readonly ports: Readonly<Partial<Record<"rpc" | "grpc" | "admin" | "http", number>>>;
  /** Services it calls by RPC (the chart's network policies are made from the same list). */
  readonly calls: readonly string[];
  /** Old-space limit in MiB: a leak shows here before it shows on the machine. */
  readonly memoryMb: number;
  /** Its own variables beside those every service gets. */
  readonly env?: (place: PlaceView) => Record<string, string>;
}

/** What a process may know of its surroundings. */
export interface PlaceView {
  readonly port: (offset: number) => number;
  readonly url: (process: string) => string;
  readonly secret: (name: string) => string;
  readonly dir: (name: string) => string;
  readonly smtpUrl: string;
}

/** Offsets of the backends the runner starts itself. */
export const BACKEND_PORTS = {
  postgres: 90,
  nats: 91,
  natsMonitor: 92,
  smtp: 93,
  mail: 94,
  sandboxSite: 95,
  prometheus: 96,
} as const;

/** Portals and the gateway have the ports people know (3000 and up) at the default base. */
export const DEFAULT_BASE = 4100;
const PUBLIC = -1100;
/** Where the first portal tells how it is. */
const PORTAL_ADMIN = 83;

/** The portals whose sign-in knows passkeys. */
const PASSKEY_PORTALS = ["dashboard", "dm", "manage"] as const;

/** Browsers keep passkeys for host names only, so here they work at `localhost`, not at `127.0.0.1`. */
function passkeySites(place: PlaceView): Record<string, { rpId: string; origins: string[] }> {
  const origin = (name: string) => place.url(name).replace("127.0.0.1", "localhost");
  return Object.fromEntries(
    PASSKEY_PORTALS.map((name) => [name, { rpId: "localhost", origins: [origin(name)] }]),
  );
}

/** The sandbox site listens on the loopback, which is refused to channels and crawls otherwise. */
function sandboxAllowed(place: PlaceView): { SSRF_ALLOW: string } {
  return { SSRF_ALLOW: `127.0.0.1:${place.port(BACKEND_PORTS.sandboxSite)}` };
}

function service(
  name: ServiceName,
  offset: number,
  does: string,
  calls: readonly ServiceName[],
  more: Partial<Pick<ProcessSpec, "memoryMb" | "env">> = {},
): ProcessSpec {
  return {
    name,
    kind: "service",
    does,
    dir: `services/${name}`,
    main: "src/main.ts",
    service: name,
    ports: { rpc: offset, grpc: offset + 1, admin: offset + 2 },
    calls: name === "identity" ? calls : ["identity", ...calls],
    memoryMb: 256,
    ...more,
  };
}

function portal(name: string, offset: number, does: string): ProcessSpec {
  return {
    name,
    kind: "portal",
    does,
    dir: `portals/${name}`,
    ports: { http: PUBLIC + offset, admin: PORTAL_ADMIN + offset },
    calls: ["gateway"],
    memoryMb: 256,
    // The gallery of components is for those who build portals; nothing but this runner shows it.
    env: (place) => ({ GATEWAY_URL: place.url("gateway"), GALLERY: "on" }),
  };
}

/** In the order in which they start; they stop in the opposite one. */
export const SYSTEM: readonly ProcessSpec[] = [
  service("identity", 0, "users, sessions, keys, service tokens", ["tenancy"], {
    env: (place) => ({
      // What each of the others proves itself with.
      SERVICE_SECRETS: JSON.stringify(
        Object.fromEntries(SERVICE_CLIENTS.map((name) => [name, place.secret(`service.${name}`)])),
      ),
      // Made at start when they don't exist yet; everybody else signs up.
      BOOTSTRAP_USERS: JSON.stringify([
        { ...people.superAdmin, platformRole: "super_admin" },
        { ...people.reviewer, platformRole: "reviewer" },
      ]),
      PASSKEY_SITES: JSON.stringify(passkeySites(place)),
    }),
  }),
  service("tenancy", 10, "tenants, members, client context, the audit trail", [
    "content",
    "agents",
    "billing",
    "notifications",
    "rag",
    "search",
  ]),
  service("notifications", 50, "feed, e-mail, preferences", ["tenancy", "content"], {
    env: (place) => ({
      SMTP_URL: place.smtpUrl,
      DASHBOARD_ORIGIN: place.url("dashboard"),
      DM_ORIGIN: place.url("dm"),
      MANAGE_ORIGIN: place.url("manage"),
    }),
  }),
  service("billing", 40, "plans, credit ledger, invoices", []),
  service("rag", 60, "files, chunks, vectors, retrieval", [], {
    memoryMb: 512,
    env: (place) => ({
      FILES_DIR: place.dir("files"),
      VECTORS_DIR: place.dir("vectors"),
      ...sandboxAllowed(place),
    }),
  }),
  service("search", 70, "search over what the other services say", []),
  service("agents", 30, "roles, runs, the dispatcher", ["tenancy", "billing", "rag"], {
    env: () => ({ WORKER_GROUPS: "none" }),
  }),
  {
    name: "agents-worker",
    kind: "worker",
    does: "executes agent runs; more of them can run",
    dir: "services/agents",
    main: "src/worker.ts",
    service: "agents",
    ports: { admin: 36 },
    calls: ["identity", "tenancy", "billing", "rag"],
    memoryMb: 384,
  },
  service("content", 20, "strategy, plans, activities, approvals, publications", ["agents"], {
    env: sandboxAllowed,
  }),
  {
    name: "gateway",
    kind: "gateway",
    does: "REST, OpenAPI and live events for the portals and for API clients",
    dir: "gateway",
    main: "src/main.ts",
    service: "gateway",
    ports: { http: PUBLIC + 3, admin: 82 },
    calls: [...SERVICES],
    memoryMb: 320,
  },
  portal("dashboard", 0, "for client users: approve, connect, see results"),
  portal("manage", 1, "for super admins: run the platform"),
  portal("dm", 2, "for reviewers: review every draft"),
];

export function processNamed(name: string): ProcessSpec {
  const spec = SYSTEM.find((each) => each.name === name);
  if (!spec) throw new Error(`There is no "${name}". Known: ${SYSTEM.map((each) => each.name).join(", ")}.`);
  return spec;
}
