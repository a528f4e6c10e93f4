import { toJson } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { mayCall } from "./access.ts";
import { messageJson, schemaJson } from "./arbitrary.ts";
import { type Answer, callMethodRaw, callRoute } from "./call.ts";
import { type Method, methods, registry } from "./contract.ts";
import { contentType, hostileBody, hostileText, insidesIn } from "./hostile.ts";
import { eachOf, Problems } from "./problems.ts";
import { requestOf, textPaths } from "./requests.ts";
import { mayAsk, propertiesOf, type Route, routesOf } from "./routes.ts";
import type { Caller, World } from "./world.ts";

const SUITE_MS = 300_000;
/** No answer may take longer, milliseconds. */
const SLOW_MS = 5_000;
const PER_ROUTE = 40;
const PER_METHOD = 40;
/** So much of it must get through to a handler that does something: what is always refused at the door tries nothing. */
const LEAST_TAKEN = 0.05;

/** Left out for the callers who may: what they do to everybody else would end the run. */
const TOO_MUCH: Readonly<Record<string, string>> = {
  "KeysService.RotateKeys": "retires the keys of every token the run holds",
  "PausesService.PauseRuns": "holds back the work of the tenants the run works in",
  "BudgetsService.SetBudget": "leaves the agents of the tenants the run works in nothing to work with",
  "BudgetsService.SetOwnBudget": "leaves the agents of the tenants the run works in nothing to work with",
  "BudgetsService.SetDefaultBudget": "leaves the agents of every tenant nothing to work with",
  "UsersService.EndUserSessions": "signs the people of the run out",
  "UsersService.ResetSecondFactor": "signs the people of the run out",
  "CrawlService.StartCrawl": "asks websites outside of the run",
  "OnboardingService.StartResearch": "asks websites outside of the run",
  "DeletionsService.RequestTenantDeletion": "ends the tenants the run works in",
  "TenantsService.SetTenantStatus": "suspends the tenants the run works in",
};

/** What neither a database nor JSON holds, and what Unicode has no letters for. */
const UNSTORABLE = ["a\0b", "\ud83e", "\u202e\ufeff\u2066"];
type Json = Record<string, unknown>;

/** The one shape of the API's errors. */
const uniform = z.strictObject({
  error: z.strictObject({
    code: z.string().regex(/^[a-z_]+$/),
    message: z.string().min(1),
    details: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string().min(8),
  }),
});

/** What every run asks, so that a red one is the change's fault; `LM_FUZZ_SEED=any` asks for something new. */
const SEED = 972_548_817;

function seedOfRun(): number {
  const wanted = process.env.LM_FUZZ_SEED;
  if (wanted === undefined) return SEED;
  return wanted === "any" ? Math.floor(Math.random() * 2 ** 31) : Number(wanted);
}

/** Suite C: requests nobody would send, by everybody. `LM_FUZZ_SEED` repeats a run. */
export function fuzzSuite(world: () => World): void {
  const seed = seedOfRun();
  const sample = <T>(arbitrary: fc.Arbitrary<T>, name: string, numRuns: number): T[] =>
    fc.sample(arbitrary, { seed: seed ^ hash(name), numRuns });
  const refs = () => [...Object.values(world().a.refs), ...Object.values(world().nobodys).slice(0, 3)];
  const callers = () => {
    const chosen = ["the owner", "a member", "the reviewer", "a super admin", "the service agents", "nobody"];
    return world().callers.filter(({ name }) => chosen.includes(name));
  };

  describe(`anything at all (seed ${seed})`, () => {
    it(
      "sent to the API is answered within seconds, uniformly, with nothing of our insides",
      async () => {
        const problems = new Problems();
        const { gateway } = world().platform.addresses;
        const tally = new Tally();
        await eachOf(await routesOf(gateway), async (route) => {
          const all = callers().filter((caller) => !tooMuch(route.method, caller));
          const may = all.filter((caller) => mayAsk(route, caller));
          // Most of it by those who get past the door.
          const who = fc.constantFrom(...all, ...may, ...may, ...may);
          for (const [caller, { path, init }] of sample(
            fc.tuple(who, anyRequest(route, refs())),
            route.name,
            PER_ROUTE,
          )) {
            const asked = `${caller.name}: ${init.method} ${path.slice(0, 200)} ${String(init.body ?? "").slice(0, 400)}`;
            const answer = await callRoute(gateway + path, init, caller.token).catch(String);
            tally.count(answer);
            problems.look(whatIsWrong(answer, asked) ?? notUniform(answer, asked));
          }
        });
        problems.expectNone(1_000);
        console.log(tally.text());
        expect(tally.taken).toBeGreaterThan(LEAST_TAKEN);
      },
      SUITE_MS,
    );

    it(
      "sent to any method is answered within seconds, and never as a defect",
      async () => {
        const problems = new Problems();
        const tally = new Tally();
        await eachOf(methods, async (method) => {
          const who = fc.constantFrom(...rightful(method).filter((caller) => !tooMuch(method, caller)));
          const asked = fc.tuple(who, messageJson(method.desc.input, refs()));
          for (const [caller, message] of sample(asked, method.name, PER_METHOD)) {
            const json = JSON.stringify(message);
            const tenant = caller.kind === "tenant" ? undefined : world().a.refs.tenant;
            const answer = await callMethodRaw(world().platform.url(method.process), method, json, {
              token: caller.token,
              tenant,
            }).catch(String);
            tally.count(answer);
            const said = `${caller.name}: ${method.name} ${json.slice(0, 600)}`;
            const defect =
              typeof answer !== "string" && ["internal", "unknown", "data_loss"].includes(answer.code);
            problems.look(whatIsWrong(answer, said) ?? (defect && `${said}\n  ${show(answer)}`));
          }
        });
        problems.expectNone(1_000);
        console.log(tally.text());
        expect(tally.taken).toBeGreaterThan(LEAST_TAKEN);
      },
      SUITE_MS,
    );

    it(
      "in one text after the other of an otherwise right request is refused or taken, never a defect",
      async () => {
        const problems = new Problems();
        await eachOf(methods, async (method) => {
          const caller = rightful(method).find((each) => !tooMuch(method, each));
          const right = requestOf(method, world().a.refs, caller?.password);
          const json = toJson(method.desc.input, right, { registry }) as Json;
          for (const path of textPaths(method.desc.input, { ...right })) {
            for (const text of UNSTORABLE) {
              const asked = JSON.stringify(withText(json, path.split("."), text));
              const tenant = caller?.kind === "tenant" ? undefined : world().a.refs.tenant;
              const options = { token: caller?.token, tenant };
              const base = world().platform.url(method.process);
              const answer = await callMethodRaw(base, method, asked, options).catch(String);
              problems.look(whatIsWrong(answer, `${method.name} ${asked.slice(0, 300)}`));
            }
          }
        });
        problems.expectNone(200);
      },
      SUITE_MS,
    );

    it("has stopped no process", () => {
      const { platform } = world();
      expect(platform.names.filter((name) => platform.restarts(name) > 0)).toEqual([]);
    });
  });

  /** Those whom the method listens to, and one whom it doesn't. */
  function rightful(method: Method): Caller[] {
    const may = world().callers.filter((caller) => mayCall(method, caller));
    return [...may, ...may, ...may, ...callers().slice(-1)];
  }
}

/** How often each answer was given. */
class Tally {
  readonly #codes = new Map<string, number>();

  count(answer: Answer | string): void {
    const code = typeof answer === "string" ? "none" : answer.code;
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
  }

  /** The part that was taken, 0 to 1. */
  get taken(): number {
    return (this.#codes.get("ok") ?? 0) / Math.max(1, this.#all);
  }

  text(): string {
    const most = [...this.#codes].sort(([, one], [, other]) => other - one).slice(0, 12);
    return `${this.#all} requests: ${most.map(([code, count]) => `${count} ${code}`).join(", ")}`;
  }

  get #all(): number {
    return [...this.#codes.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** The same with another text at the path. */
function withText(value: unknown, path: readonly string[], text: string): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return text;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === name ? withText(item, rest, text) : item));
  const fields = (value ?? {}) as Json;
  return { ...fields, [name]: withText(fields[name], rest, text) };
}

function tooMuch(method: Method | undefined, caller: Caller): boolean {
  return method !== undefined && method.name in TOO_MUCH && mayCall(method, caller);
}

/** A request for a route: by its schema, by none, or by nothing a program would write. */
function anyRequest(
  route: Route,
  refs: readonly string[],
): fc.Arbitrary<{ path: string; init: RequestInit & { stream?: boolean } }> {
  const value = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...refs) },
    { weight: 1, arbitrary: hostileText },
  );
  const { parameters, requestBody } = route.operation;
  const named = (where: string) => parameters.filter((parameter) => parameter.in === where);
  const param = fc.oneof(
    { weight: 6, arbitrary: value.map(coded) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("%", "%E0%A4%A", "%00", "%2e%2e%2f%2e%2e", "%252e", ";x=1", "%0d%0ax: y"),
    },
  );
  const params = fc.record(Object.fromEntries(named("path").map(({ name }) => [name, param])));
  const query = fc.record(
    Object.fromEntries(
      named("query").map(({ name, schema }) => [name, fc.oneof(schemaJson(schema ?? {}, refs), hostileText)]),
    ),
    { requiredKeys: [] },
  );
  const shape = requestBody?.content["application/json"]?.schema;
  const right = shape ? schemaJson({ type: "object", properties: propertiesOf(shape) }, refs) : hostileText;
  const body = fc.oneof(
    { weight: 5, arbitrary: right.map((each) => JSON.stringify(each) ?? "") },
    { weight: 1, arbitrary: hostileBody },
  );
  const withBody = !["GET", "DELETE"].includes(route.verb);
  return fc.tuple(params, query, body, contentType).map(([inPath, inQuery, sent, type]) => {
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => inPath[name] ?? "");
    const search = Object.entries(inQuery).map(
      ([name, each]) => `${name}=${coded(typeof each === "string" ? each : (JSON.stringify(each) ?? ""))}`,
    );
    return {
      path: (search.length > 0 ? `${path}?${search.join("&")}` : path).slice(0, LONGEST_URL),
      init: {
        method: route.verb,
        stream: route.path.endsWith("/events"),
        ...(withBody ? { body: sent, headers: { "content-type": type } } : {}),
      },
    };
  });
}

/** Node itself refuses longer heads before the gateway sees them. */
const LONGEST_URL = 12_000;

/** Lone surrogates have no code in a URL. */
function coded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("..", "%2e%2e");
}

function whatIsWrong(answer: Answer | string, asked: string): string | undefined {
  if (typeof answer === "string") return `${asked}\n  no answer: ${answer}`;
  if (answer.status >= 500 && answer.code !== "unavailable") return `${asked}\n  ${show(answer)}`;
  if (answer.ms > SLOW_MS) return `${asked}\n  took ${Math.round(answer.ms)} ms`;
  const inside = answer.status >= 400 ? insidesIn(answer.text) : undefined;
  return inside && `${asked}\n  shows "${inside}": ${show(answer)}`;
}

function notUniform(answer: Answer | string, asked: string): string | false {
  if (typeof answer === "string" || answer.status < 400) return false;
  try {
    uniform.parse(JSON.parse(answer.text));
    return false;
  } catch {
    return `${asked}\n  has another shape: ${show(answer)}`;
  }
}

const show = (answer: Answer) => `${answer.status} ${answer.text.slice(0, 300)}`;

function hash(text: string): number {
  return [...text].reduce((sum, char) => (Math.imul(sum, 31) + (char.codePointAt(0) ?? 0)) | 0, 7);
}
