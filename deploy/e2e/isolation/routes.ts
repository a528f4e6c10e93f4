import { z } from "zod";
import { toWire } from "../../../gateway/src/wire/to-wire.ts";
import { isPublic, mayCall } from "./access.ts";
import { type Method, methodOf } from "./contract.ts";
import type { Refs } from "./refs.ts";
import { requestOf } from "./requests.ts";
import type { Caller } from "./world.ts";

/** One route of the OpenAPI document. */
export interface Route {
  /** `GET /tenant/v1/plans/{planRef}`. */
  readonly name: string;
  readonly verb: string;
  readonly path: string;
  /** The method behind it; undefined for routes with a shape of their own. */
  readonly method: Method | undefined;
  readonly operation: Operation;
}

type Json = Record<string, unknown>;

const schema: z.ZodType<Json> = z.record(z.string(), z.unknown());
const operation = z.object({
  operationId: z.string().optional(),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), schema: schema.optional() })).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema })) }).optional(),
});
export type Operation = z.output<typeof operation>;
const document = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

/** Every route the running gateway says it has. */
export async function routesOf(gateway: string): Promise<Route[]> {
  const { paths } = document.parse(await (await fetch(`${gateway}/docs/json`)).json());
  return Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, each]) => ({
      name: `${verb.toUpperCase()} ${path}`,
      verb: verb.toUpperCase(),
      path,
      method: methodOf(each.operationId),
      operation: each,
    })),
  );
}

/** A request of the REST API, ready to be sent. */
export interface RestRequest {
  readonly path: string;
  readonly init: RequestInit & { stream?: boolean };
}

/** How a route is called whose shape isn't its method's; `who` may is said where no contract says it. */
interface OwnShape {
  readonly who: (caller: Caller) => boolean;
  readonly body?: Json;
  readonly form?: () => FormData;
  readonly headers?: Record<string, string>;
  readonly stream?: true;
}

const anybody = () => true;
const tenants = (caller: Caller) => caller.kind === "tenant";
const staff = (caller: Caller) => caller.kind === "reviewer" || caller.kind === "super_admin";
const superAdmins = (caller: Caller) => caller.kind === "super_admin";
const upload = () => {
  const form = new FormData();
  form.append("files", new Blob(["slow bread"], { type: "text/plain" }), "isolation.txt");
  return form;
};

const OWN_SHAPES: Readonly<Record<string, OwnShape>> = {
  "GET /healthz": { who: anybody },
  "POST /auth/v1/login": {
    who: anybody,
    body: { email: "nobody@isolation.example", password: "wrong", portal: "dashboard" },
  },
  "POST /auth/v1/login/code": {
    who: anybody,
    body: { challengeToken: "wrong", code: "000000", portal: "dashboard" },
  },
  "POST /auth/v1/passkeys/sign-in/options": { who: anybody, body: { portal: "dashboard" } },
  "POST /auth/v1/passkeys/sign-in": {
    who: anybody,
    body: { portal: "dashboard", responseJson: "{}" },
  },
  "POST /auth/v1/impersonation": { who: anybody, body: { ticket: "wrong" } },
  "GET /auth/v1/platform": { who: anybody },
  "GET /tenant/v1/features": { who: tenants },
  "POST /auth/v1/refresh": { who: anybody, body: { refreshToken: "wrong" } },
  "POST /auth/v1/logout": { who: anybody, body: { refreshToken: "wrong" } },
  "POST /pg/v1/razorpay/webhook": {
    who: anybody,
    body: {},
    headers: { "x-razorpay-signature": "00", "x-razorpay-event-id": "isolation" },
  },
  "POST /tenant/v1/channels": {
    who: (caller) => caller.role === "owner" || caller.role === "admin",
    body: {
      kind: "wordpress",
      siteUrl: "http://10.9.8.7",
      username: "nobody",
      applicationPassword: "none",
    },
  },
  "POST /tenant/v1/files": { who: tenants, form: upload },
  "GET /tenant/v1/events": { who: tenants, stream: true },
  "GET /dm/v1/events": { who: staff, stream: true },
  "GET /admin/v1/health": { who: superAdmins },
  "GET /admin/v1/events": { who: superAdmins, stream: true },
};

/** Routes that neither a contract's method nor the table above tells how to call, and entries for routes that are gone. */
export function routeGaps(routes: readonly Route[]): { missing: string[]; gone: string[] } {
  const there = new Set(routes.map(({ name }) => name));
  return {
    missing: routes.filter(({ name, method }) => !method && !OWN_SHAPES[name]).map(({ name }) => name),
    gone: Object.keys(OWN_SHAPES).filter((name) => !there.has(name)),
  };
}

/** Whether a caller gets past the group's guard and the contract behind the route. */
export function mayAsk({ name, path, method }: Route, caller: Caller): boolean {
  const own = OWN_SHAPES[name];
  if (own) return own.who(caller);
  if (!method) return false;
  if (path.startsWith("/auth/"))
    return (
      isPublic(method) ||
      (["tenant", "reviewer", "super_admin"].includes(caller.kind) && mayCall(method, caller))
    );
  return groupOf(path)(caller) && mayCall(method, caller);
}

/** Open to everybody: a token is neither needed nor looked at. */
export const isOpen = ({ name, method }: Route): boolean =>
  OWN_SHAPES[name]?.who === anybody ||
  (OWN_SHAPES[name] === undefined && method !== undefined && isPublic(method));

function groupOf(path: string): (caller: Caller) => boolean {
  if (path.startsWith("/tenant/")) return tenants;
  return path.startsWith("/dm/") ? staff : superAdmins;
}

/** Which tenant a route's path names is chosen apart from what else it names. */
export function restRequest(route: Route, refs: Refs, tenant: string): RestRequest {
  const own = OWN_SHAPES[route.name];
  if (own) {
    const body = own.form ? own.form() : own.body === undefined ? undefined : JSON.stringify(own.body);
    const typed = own.body === undefined ? {} : { "content-type": "application/json" };
    return {
      path: route.path,
      init: { method: route.verb, headers: { ...typed, ...own.headers }, body, stream: own.stream },
    };
  }
  if (!route.method) throw new Error(`${route.name} can't be called: routes.ts has no entry for it`);
  const message = requestOf(route.method, refs);
  const fields = toWire(route.method.desc.input, message);
  const inPath = route.operation.parameters.filter((parameter) => parameter.in === "path");
  let path = route.path;
  for (const { name } of inPath)
    path = path.replace(`{${name}}`, encodeURIComponent(pathValue(name, fields, tenant)));
  const query = queryOf(route, fields);
  const body = bodyOf(route, fields);
  return {
    path: query ? `${path}?${query}` : path,
    init: {
      method: route.verb,
      ...(body ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {}),
    },
  };
}

function pathValue(name: string, fields: Json, tenant: string): string {
  if (name === "tenantRef" || name === "ref") return tenant;
  return String(fields[name] ?? (name === "role" ? "topic-researcher" : ""));
}

/** What the API calls a field of the contract. */
const QUERY_NAMES: Readonly<Record<string, string>> = { q: "query", status: "statuses" };

function queryOf({ operation }: Route, fields: Json): string {
  const query = new URLSearchParams();
  for (const { name, in: where } of operation.parameters) {
    const value = name === "pageSize" ? 200 : fields[QUERY_NAMES[name] ?? name];
    const nothing = value === null || value === undefined || value === "" || value === 0 || value === false;
    if (where === "query" && !nothing && !(Array.isArray(value) && value.length === 0))
      query.set(name, String(value));
  }
  return query.toString();
}

/** The fields the route takes; of a route that takes one of the request's messages, that message's. */
function bodyOf({ operation }: Route, fields: Json): Json | undefined {
  const shape = operation.requestBody?.content["application/json"]?.schema;
  const names = Object.keys(propertiesOf(shape));
  if (!shape) return undefined;
  const inner = Object.values(fields).find(
    (value): value is Json => typeof value === "object" && value !== null && !Array.isArray(value),
  );
  const wrapped = inner && names.length > 0 && !names.some((name) => name in fields);
  const source = wrapped ? inner : fields;
  return Object.fromEntries(names.filter((name) => name in source).map((name) => [name, source[name]]));
}

/** The properties of a schema that may also be null or left out. */
export function propertiesOf(shape: Json | undefined): Record<string, Json> {
  const { properties, anyOf } = z
    .object({ properties: z.record(z.string(), schema).optional(), anyOf: z.array(schema).optional() })
    .parse(shape ?? {});
  return properties ?? anyOf?.map(propertiesOf).find((each) => Object.keys(each).length > 0) ?? {};
}
