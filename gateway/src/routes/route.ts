import { type DescMessage, type DescMethod, ScalarType } from "@bufbuild/protobuf";
import type { CallOptions } from "@connectrpc/connect";
import { asCaller, type Ctx, forTenantRef, type RpcClients, type ServiceName } from "@leadmetrics/kit";
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { errorSchema } from "../edge/errors.ts";
import { fromWire } from "../wire/from-wire.ts";
import { inputSchema, outputSchema } from "../wire/schema.ts";
import { toWire } from "../wire/to-wire.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Body = Record<string, unknown>;

/** A REST route as a declaration: which method of which contract stands behind it. */
export interface Route {
  readonly method: Method;
  /** `:names` are fields of the request, but for `:tenantRef` in groups that act on a named tenant. */
  readonly path: string;
  readonly rpc: DescMethod;
  readonly target: ServiceName;
  readonly summary: string;
  /** The response's field that is the answer; the whole message when left out. */
  readonly unwrap?: string;
  /** The response's repeated field that becomes `items`. */
  readonly list?: string;
  /** The request's field the body is. */
  readonly wrap?: string;
  /** Names of the API that differ from the contract's: API → contract. */
  readonly alias?: Readonly<Record<string, string>>;
  readonly status?: number;
  /** Makes the request itself, for bodies that aren't the contract's shape. */
  readonly body?: { readonly schema: z.ZodType; toRequest(body: Body): Body };
}

/** The routes that stand before one service, by who uses them. */
export interface RouteGroups {
  /** What is read of a tenant's work: by clients in their own, by reviewers in a named one. */
  readonly readings?: readonly Route[];
  /** What is done to a tenant's work by anybody who may: clients in their own, reviewers in a named one. */
  readonly moves?: readonly Route[];
  /** A person's own affairs, for clients and reviewers alike. */
  readonly own?: readonly Route[];
  readonly tenant?: readonly Route[];
  readonly dm?: readonly Route[];
  readonly admin?: readonly Route[];
}

export type CtxOf = (request: FastifyRequest) => Ctx;
type Call = (init: Body, options: CallOptions) => Promise<object>;

/**
 * Registers declared routes; validation, OpenAPI and the call come from the contract.
 *
 * @param configOf what plugins are told of a route, such as a rate limit of its own
 */
export function installRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  rpc: RpcClients,
  ctxOf: CtxOf,
  configOf: (route: Route) => FastifyContextConfig = () => ({}),
): void {
  for (const route of routes) {
    const call = callOf(rpc, route);
    app.route({
      method: route.method,
      url: route.path,
      config: configOf(route),
      schema: schemaOf(route),
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const { tenantRef, ...params } = (request.params ?? {}) as Body;
        const ctx = typeof tenantRef === "string" ? forTenantRef(ctxOf(request), tenantRef) : ctxOf(request);
        const options = asCaller({ ...ctx, idempotencyKey: headerOf(request, "idempotency-key") });
        const answer = await call(requestInit(route, params, request), options);
        return reply
          .status(route.status ?? (route.rpc.output.fields.length === 0 ? 204 : 200))
          .send(answerOf(route, answer));
      },
    });
  }
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

function callOf(rpc: RpcClients, route: Route): Call {
  const client = rpc.client(route.rpc.parent, route.target) as unknown as Record<string, Call>;
  const call = client[route.rpc.localName];
  if (!call) throw new Error(`${route.path}: no method ${route.rpc.localName}`);
  return call;
}

function requestInit(route: Route, params: Body, request: FastifyRequest): Body {
  const given = (request.body ?? {}) as Body;
  const shaped = route.body ? route.body.toRequest(given) : given;
  const wrapped = route.wrap ? { [route.wrap]: { ...shaped, ...pick(params, route) } } : shaped;
  const { pageSize, pageToken, ...query } = (request.query ?? {}) as Body;
  const page = hasPage(route.rpc.input) ? { page: { pageSize, pageToken } } : {};
  return fromWire(route.rpc.input, {
    ...renamed(query, route.alias),
    ...page,
    ...wrapped,
    ...renamed(params, route.alias),
  });
}

/** Path fields that belong into the wrapped message. */
function pick(params: Body, route: Route): Body {
  return route.wrap ? renamed(params, route.alias) : {};
}

function renamed(fields: Body, alias: Readonly<Record<string, string>> = {}): Body {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [alias[name] ?? name, value]));
}

function answerOf(route: Route, answer: object): unknown {
  if (route.rpc.output.fields.length === 0) return route.status && route.status !== 204 ? {} : undefined;
  const wire = toWire(route.rpc.output, answer);
  if (route.list) {
    const { [route.list]: items, page, ...rest } = wire;
    const token = (page as { nextPageToken?: string } | null | undefined)?.nextPageToken;
    return { items, nextPageToken: token ? token : null, ...rest };
  }
  return route.unwrap ? wire[route.unwrap] : wire;
}

const hasPage = (desc: DescMessage) => desc.field.page !== undefined;

function schemaOf(route: Route) {
  const params = [...route.path.matchAll(/:(\w+)/g)].flatMap((match) => (match[1] ? [match[1]] : []));
  const contract = new Set(params.map((name) => route.alias?.[name] ?? name));
  const input = route.rpc.input;
  const withBody = route.method !== "GET" && route.method !== "DELETE";
  return {
    summary: route.summary,
    operationId: route.rpc.localName,
    ...(params.length > 0
      ? { params: z.object(Object.fromEntries(params.map((name) => [name, paramSchema(route, name)]))) }
      : {}),
    ...(withBody
      ? { body: bodySchema(route, contract) }
      : { querystring: querySchema(input, contract, route.alias) }),
    response: { ...okSchema(route), "4xx": errorSchema, "5xx": errorSchema },
  };
}

/** A reference or another word; of a field that is a number, a number. */
function paramSchema({ rpc, alias }: Route, name: string): z.ZodType {
  const contractName = alias?.[name] ?? name;
  const field = rpc.input.field[contractName];
  if (field?.fieldKind !== "scalar" || field.scalar === ScalarType.STRING) return z.string().max(64);
  return fromText(rpc.input, contractName, inputSchema(rpc.input).shape[contractName] as z.ZodType);
}

function bodySchema(route: Route, fromPath: ReadonlySet<string>): z.ZodType {
  if (route.body) return route.body.schema;
  const wrapped = route.wrap ? route.rpc.input.field[route.wrap] : undefined;
  const desc = wrapped?.fieldKind === "message" ? wrapped.message : route.rpc.input;
  const schema = inputSchema(desc, [...fromPath]);
  // A body without any field may be left out.
  return Object.keys(schema.shape).length === 0 ? schema.nullish() : schema;
}

function querySchema(
  desc: DescMessage,
  fromPath: ReadonlySet<string>,
  alias: Readonly<Record<string, string>> = {},
): z.ZodType {
  const shape: Record<string, z.ZodType> = {};
  const apiName = new Map(Object.entries(alias).map(([api, contract]) => [contract, api]));
  if (hasPage(desc)) {
    shape.pageSize = z.coerce.number().int().min(1).max(200).optional();
    shape.pageToken = z.string().max(200).optional();
  }
  const plain = inputSchema(desc, ["page", ...fromPath]).shape;
  for (const [name, schema] of Object.entries(plain))
    shape[apiName.get(name) ?? name] = fromText(desc, name, schema as z.ZodType);
  return z.strictObject(shape);
}

/** Query values are text: numbers and truth values are read from it, a list may come as one value. */
function fromText(desc: DescMessage, name: string, schema: z.ZodType): z.ZodType {
  const field = desc.field[name];
  if (field?.fieldKind === "list")
    return z.preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : String(value).split(",")),
      schema,
    );
  if (field?.fieldKind === "scalar" && field.scalar === 8)
    return z.preprocess((value) => (value === "true" ? true : value === "false" ? false : value), schema);
  if (field?.fieldKind === "scalar" && field.scalar !== 9)
    return z.preprocess(
      (value) => (typeof value === "string" && value !== "" ? Number(value) : value),
      schema,
    );
  return schema;
}

function okSchema(route: Route): Record<string, z.ZodType> {
  const { output } = route.rpc;
  if (output.fields.length === 0)
    return route.status && route.status !== 204 ? { [route.status]: z.object({}) } : { 204: z.null() };
  const whole = outputSchema(output);
  const status = String(route.status ?? 200);
  if (route.list) {
    const { [route.list]: items, page: _page, ...rest } = whole.shape;
    return {
      [status]: z.object({ items: items as z.ZodType, nextPageToken: z.string().nullable(), ...rest }),
    };
  }
  const unwrapped = route.unwrap ? whole.shape[route.unwrap] : undefined;
  return { [status]: (unwrapped as z.ZodType | undefined) ?? whole };
}
