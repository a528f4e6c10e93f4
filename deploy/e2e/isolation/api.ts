import { describe, expect, it } from "vitest";
import { found, said } from "./alike.ts";
import { type Answer, callRoute } from "./call.ts";
import { fixtureOf } from "./fixtures.ts";
import { eachOf, Problems } from "./problems.ts";
import type { Refs } from "./refs.ts";
import { isOpen, mayAsk, type Route, restRequest, routeGaps, routesOf } from "./routes.ts";
import { badTokens } from "./tokens.ts";
import type { World } from "./world.ts";

const SUITE_MS = 300_000;
/** Differences that go away are things that happened in between. */
const LOOKS = 3;

interface Side {
  readonly refs: Refs;
  readonly tenant: string;
}

/** Suite A over every route of the OpenAPI document. */
export function apiSuite(world: () => World): void {
  const ask = (route: Route, side: Side, token: string | undefined): Promise<Answer> => {
    const { path, init } = restRequest(route, side.refs, side.tenant);
    return callRoute(`${world().platform.addresses.gateway}${path}`, init, token);
  };
  const routes = () => routesOf(world().platform.addresses.gateway);

  describe("every route of the API", () => {
    it("is a contract's method or has a shape of its own here, and no shape is left over", async () => {
      expect(routeGaps(await routes())).toEqual({ missing: [], gone: [] });
    });

    it(
      "lets in whom its group and its contract name, and refuses everybody else",
      async () => {
        const problems = new Problems();
        const { nobodys, a, callers } = world();
        await eachOf(await routes(), async (route) => {
          for (const caller of callers) {
            if (route.method && fixtureOf(route.method.name)?.onCaller && mayAsk(route, caller)) continue;
            const { status, code } = await ask(route, { refs: nobodys, tenant: a.refs.tenant }, caller.token);
            const wanted = caller.kind === "nobody" ? 401 : 403;
            const wrong = mayAsk(route, caller)
              ? [401, 403].includes(status) && !isOpen(route)
              : status !== wanted;
            problems.look(wrong && `${route.name} as ${caller.name}: ${status} ${code}`);
          }
        });
        problems.expectNone(2_000);
      },
      SUITE_MS,
    );

    it(
      "answers for another tenant's things as for things that don't exist, and shows nothing of that tenant",
      async () => {
        const problems = new Problems();
        const { a, b, nobodys, stranger, callers } = world();
        await eachOf(await routes(), async (route) => {
          const compare = async (who: string, token: string | undefined, theirs: Side, nones: Side) => {
            for (let look = 1; ; look++) {
              const first = await ask(route, theirs, token);
              const second = await ask(route, nones, token);
              const same = said(first) === said(second);
              if (!same && look < LOOKS) continue;
              // What a caller sends and gets back tells them nothing.
              const { path, init } = restRequest(route, theirs.refs, theirs.tenant);
              const sent = typeof init.body === "string" ? path + init.body : path;
              const shown = found(
                first.text,
                b.own.filter((word) => !sent.includes(word)),
              );
              problems.look(
                !same && `${route.name} as ${who} differs:\n${said(first)}\n--- and ---\n${said(second)}`,
              );
              problems.look(shown.length > 0 && `${route.name} as ${who} shows ${shown.join(", ")}`);
              return;
            }
          };
          const asked = differs(route, b.refs, nobodys);
          const named = /\{(tenantRef|ref)\}/.test(route.path);
          for (const caller of callers) {
            const bound =
              caller.role === "owner" ||
              caller.kind === "reviewer" ||
              (caller.kind === "super_admin" && named);
            if (!bound || isOpen(route) || !mayAsk(route, caller)) continue;
            const { tenant } = a.refs;
            if (asked)
              await compare(caller.name, caller.token, { refs: b.refs, tenant }, { refs: nobodys, tenant });
            if (!named || caller.kind !== "reviewer") continue;
            const sides = [
              { refs: b.refs, tenant: b.refs.tenant },
              { refs: nobodys, tenant: nobodys.tenant },
            ] as const;
            await compare(`${caller.name} of another tenant`, caller.token, ...sides);
            await compare("a reviewer of nobody", stranger.token, { refs: a.refs, tenant }, sides[1]);
          }
        });
        problems.expectNone(200);
      },
      SUITE_MS,
    );

    it(
      "lists and shows the rightful caller their own things, and nothing of another tenant",
      async () => {
        const problems = new Problems();
        const { a, b, callers } = world();
        const reads = (await routes()).filter(
          ({ verb, name }) => verb === "GET" && !name.endsWith("/events"),
        );
        await eachOf(reads, async (route) => {
          for (const caller of callers.filter((each) => mayAsk(route, each) && each.kind !== "service")) {
            const answer = await ask(route, { refs: a.refs, tenant: a.refs.tenant }, caller.token);
            problems.look(
              answer.status !== 200 && `${route.name} as ${caller.name}: ${answer.status} ${answer.text}`,
            );
            const everything = caller.kind === "super_admin" && !route.path.includes("{tenantRef}");
            const shown = everything ? [] : found(answer.text, b.own);
            problems.look(shown.length > 0 && `${route.name} as ${caller.name} shows ${shown.join(", ")}`);
          }
        });
        problems.expectNone(200);
      },
      SUITE_MS,
    );

    it("goes on with nothing of another tenant from that tenant's place in a list", async () => {
      const problems = new Problems();
      const { a, b, platform } = world();
      const lists = (await routes()).filter(
        ({ path, operation }) =>
          path.startsWith("/tenant/") && operation.parameters.some(({ name }) => name === "pageToken"),
      );
      await eachOf(lists, async (route) => {
        const page = (refs: Refs, token: string, query: string) => {
          const [path] = restRequest(route, refs, refs.tenant).path.split("?");
          return callRoute(`${platform.addresses.gateway}${path}?${query}`, { method: "GET" }, token);
        };
        const first = await page(b.refs, b.owner.token, "pageSize=1");
        const { nextPageToken } = JSON.parse(first.text) as { nextPageToken: string | null };
        if (!nextPageToken) return;
        const query = `pageSize=200&pageToken=${encodeURIComponent(nextPageToken)}`;
        const next = await page(a.refs, a.owner.token, query);
        const shown = found(next.text, b.own);
        problems.look(shown.length > 0 && `${route.name} shows ${shown.join(", ")}`);
      });
      problems.expectNone(4);
    });

    it(
      "takes no token but a valid one, and says what is wrong with it",
      async () => {
        const bad = await badTokens(world());
        const problems = new Problems();
        const { refs } = world().a;
        const closed = (await routes()).filter((route) => !isOpen(route));
        await eachOf(closed, async (route) => {
          for (const { what, token, reason } of bad) {
            const { status, code } = await ask(route, { refs, tenant: refs.tenant }, token);
            problems.look(
              (status !== 401 || code !== reason) && `${route.name} with a token ${what}: ${status} ${code}`,
            );
          }
        });
        problems.expectNone(closed.length * bad.length);
      },
      SUITE_MS,
    );
  });
}

/** Whether the two sets of references make two requests: without any, there is nothing to tell apart. */
function differs(route: Route, some: Refs, others: Refs): boolean {
  const one = restRequest(route, some, "");
  const other = restRequest(route, others, "");
  return one.path !== other.path || (typeof one.init.body === "string" && one.init.body !== other.init.body);
}
