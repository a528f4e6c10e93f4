import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { adminActions, adminQueries } from "./admin.ts";
import { auth } from "./auth.ts";
import { budgetActions, budgetQueries } from "./budgets.ts";
import { clientActions, clientQueries } from "./client-review.ts";
import { given, ref } from "./contract.arguments.ts";
import { craftActions, craftQueries } from "./craft.ts";
import { dmActions, dmQueries } from "./dm.ts";
import { frameQueries, search } from "./frame.ts";
import { onboardingActions, onboardingQueries } from "./onboarding.ts";
import { platformActions, platformQueries } from "./platform.ts";
import { reviewActions, reviewQueries } from "./review.ts";
import { securityActions, securityQueries } from "./security.ts";
import { settingsActions, settingsQueries } from "./settings.ts";
import { tenantActions, tenantQueries } from "./tenant.ts";

interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}
type Document = { paths: Record<string, Record<string, Operation>> };

interface Call {
  name: string;
  method: string;
  path: string;
  query: string[];
  body: unknown;
}

type Asked = { queryFn?: unknown; initialPageParam?: unknown };

/** Runs every query and action against a wire that only listens. */
async function everyCall(): Promise<Call[]> {
  const calls: Call[] = [];
  let name = "";
  const real = globalThis.fetch;
  Object.assign(globalThis, { location: new URL("http://portal.test/") });
  globalThis.fetch = async (input) => {
    const request = input instanceof Request ? input : new Request(input);
    const url = new URL(request.url);
    const text = await request.text();
    calls.push({
      name,
      method: request.method.toLowerCase(),
      path: url.pathname.replace(/^\/api/, ""),
      query: [...url.searchParams.keys()],
      body: text ? JSON.parse(text) : undefined,
    });
    return Response.json({ items: [], nextPageToken: null });
  };
  const queries = {
    frame: frameQueries,
    client: clientQueries,
    tenant: tenantQueries,
    onboarding: onboardingQueries,
    craft: craftQueries,
    dm: dmQueries,
    review: reviewQueries,
    admin: adminQueries,
    platform: platformQueries,
    budget: budgetQueries,
    settings: settingsQueries,
    security: securityQueries,
  };
  for (const [portal, all] of Object.entries(queries)) {
    for (const [key, one] of Object.entries(all)) {
      name = `${portal}.${key}`;
      const make: unknown = one;
      const options = (typeof make === "function" ? make(...(given[name] ?? [ref, ref])) : make) as Asked;
      const run = options.queryFn as (context: object) => Promise<unknown>;
      await run({ signal: new AbortController().signal, pageParam: "next" });
    }
  }
  const actions = {
    client: clientActions,
    tenant: tenantActions,
    onboarding: onboardingActions,
    craft: craftActions,
    dm: dmActions,
    review: reviewActions,
    admin: adminActions,
    platform: platformActions,
    budget: budgetActions,
    settings: settingsActions,
    security: securityActions,
    auth,
    frame: { search },
  };
  for (const [portal, all] of Object.entries(actions)) {
    for (const [key, act] of Object.entries(all)) {
      name = `${portal}!${key}`;
      const run = act as (...args: unknown[]) => Promise<unknown>;
      await run(...(given[name] ?? []));
    }
  }
  globalThis.fetch = real;
  return calls;
}

/** Fields of a body that the schema does not know, by path. */
function unknownFields(value: unknown, schema: Schema | undefined, at = ""): string[] {
  const known = schema?.properties
    ? schema
    : (schema?.anyOf?.find((one) => one.properties ?? one.items) ?? schema);
  if (Array.isArray(value))
    return value.flatMap((one, index) => unknownFields(one, known?.items, `${at}[${index}]`));
  if (typeof value !== "object" || value === null || !known?.properties) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const property = known.properties?.[name];
    return property ? unknownFields(inner, property, `${at}.${name}`) : [`${at}.${name}`];
  });
}

describe("every call the portals make", () => {
  let document: Document;
  let calls: Call[];

  beforeAll(async () => {
    const script = new URL("../../../../gateway/src/openapi.ts", import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, [script], { maxBuffer: 64 << 20 });
    document = JSON.parse(stdout);
    calls = await everyCall();
  }, 60_000);

  const operationOf = (call: Call): Operation | undefined => {
    const exact = document.paths[call.path]?.[call.method];
    if (exact) return exact;
    for (const [path, operations] of Object.entries(document.paths)) {
      const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`);
      const operation = operations[call.method];
      if (operation && pattern.test(call.path)) return operation;
    }
    return undefined;
  };

  it("is a route of the gateway", () => {
    const missing = calls
      .filter((call) => !operationOf(call))
      .map((call) => `${call.name}: ${call.method} ${call.path}`);
    expect(missing).toEqual([]);
    expect(calls.length).toBeGreaterThan(70);
  });

  it("asks only what its route knows", () => {
    const strange = calls.flatMap((call) => {
      const known = new Set(
        operationOf(call)
          ?.parameters?.filter((one) => one.in === "query")
          .map((one) => one.name),
      );
      return call.query.filter((name) => !known.has(name)).map((name) => `${call.name}: ?${name}`);
    });
    expect(strange).toEqual([]);
  });

  it("sends no field its route would refuse", () => {
    const strange = calls.flatMap((call) => {
      const schema = operationOf(call)?.requestBody?.content["application/json"]?.schema;
      return unknownFields(call.body, schema).map((field) => `${call.name}: ${field}`);
    });
    expect(strange).toEqual([]);
  });
});
