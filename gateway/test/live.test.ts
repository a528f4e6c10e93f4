import { applyStreams, emit, newId, RIGHTS_BUCKET, revokedKey, toRef } from "@leadmetrics/kit";
import { RunDeferredSchema, RunProgressedSchema } from "@leadmetrics/proto/agents/events/v1/events";
import { PlanApprovedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningGateway, startGateway } from "./gateway.ts";

let gateway: RunningGateway;
let t: RunningGateway["t"];
let app: RunningGateway["app"];
let bearer: RunningGateway["bearer"];
beforeAll(async () => {
  gateway = await startGateway();
  ({ t, app, bearer } = gateway);
  await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => gateway?.close());

it("R-11: live events reach the tenant they concern and no other, and nobody loses one over a reconnect", async () => {
  const url = eventsUrl();
  const approve = (tenantId: typeof t.tenantA, title: string) =>
    t.db.withTenant(t.ctx.tenant(tenantId), (tx) =>
      emit(
        tx,
        t.ctx.tenant(tenantId),
        PlanApprovedSchema,
        { plan: { ref: newId(), title } },
        { aggregate: newId() },
      ),
    );
  const first = await listen(url, bearer, ["one"], () =>
    Promise.all([approve(t.tenantB, "foreign"), approve(t.tenantA, "one")]),
  );
  expect(first.text).not.toContain("foreign");
  await approve(t.tenantA, "missed");
  const second = await listen(url, { ...bearer, "last-event-id": first.lastId }, ["missed", "two"], () =>
    approve(t.tenantA, "two"),
  );
  expect(second.text.indexOf("missed")).toBeLessThan(second.text.indexOf("two"));
  expect(second.text).not.toContain('"one"');
});

it("live events of runs name providers, models and money to the platform's people, not to clients", async () => {
  const run = {
    ref: "01RUN",
    adapter: "claude",
    model: "claude-x",
    problem: "It can't work.",
    problemDetail: "Claude is overloaded.",
    fallbackReason: "Claude is away.",
    usage: { inputTokens: 5n, costMicroUsd: 765_432n },
  };
  const progress = {
    runRef: "01RUN",
    role: "setup",
    openToClient: true,
    events: [
      {
        sequence: 1n,
        event: { case: "note" as const, value: "It goes on." },
        noteDetail: "Claude goes on.",
        usage: { inputTokens: 5n, costMicroUsd: 765_432n },
      },
    ],
  };
  const happen = () =>
    t.db.withTenant(t.ctx.tenant(), async (tx) => {
      const ctx = t.ctx.tenant();
      await emit(tx, ctx, RunDeferredSchema, { run }, { aggregate: "run" });
      await emit(tx, ctx, RunProgressedSchema, progress, { aggregate: "run" });
    });
  const words = ["It can't work.", "It goes on."];
  const { text: client } = await listen(eventsUrl(), bearer, words, happen);
  expect(client).not.toMatch(/claude|765432/i);
  expect(client).toContain('"inputTokens":5');
  const admin = { authorization: `Bearer ${await t.token(t.ctx.superAdmin().principal)}` };
  const { text: staff } = await listen(eventsUrl("admin"), admin, words, happen);
  for (const word of ["claude-x", "Claude is overloaded.", "Claude is away.", "Claude goes on.", "765432"])
    expect(staff).toContain(word);
});

it("live events go on when the broker has lost its disk and its numbers begin again", async () => {
  await t.nats.jsm.streams.delete("FEED");
  await applyStreams(t.nats);
  const heard: string[] = [];
  const stop = gateway.feed.listen((item) => heard.push(item.type));
  const ctx = t.ctx.tenant();
  await expect
    .poll(
      async () => {
        await t.db.withTenant(ctx, (tx) =>
          emit(tx, ctx, PlanApprovedSchema, { plan: { ref: "anew" } }, { aggregate: "anew" }),
        );
        return heard.length;
      },
      { timeout: 20_000, interval: 500 },
    )
    .toBeGreaterThan(0);
  stop();
}, 30_000);

it("live events start anew when what was missed can't be told", async () => {
  const headers = { ...bearer, "last-event-id": "999999999" };
  const { text } = await listen(eventsUrl(), headers, [], async () => {}, "event: reset");
  expect(text).toMatch(/^id: \d+\nevent: reset$/m);
});

it("live events end within seconds when the session is ended", async () => {
  const { principal } = t.ctx.tenant();
  if (principal.kind !== "tenant") throw new Error("not a tenant user");
  const response = await fetch(eventsUrl(), {
    headers: { authorization: `Bearer ${await t.token(principal)}` },
    signal: AbortSignal.timeout(5_000),
  });
  await (await t.nats.kv(RIGHTS_BUCKET)).put(revokedKey(toRef(principal.sessionId)), "1");
  expect(await response.text()).toContain("event: hello");
});

function eventsUrl(audience = "tenant"): string {
  const address = app.server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/${audience}/v1/events`;
}

/** Reads a stream until all words have come. */
async function listen(
  url: string,
  headers: Record<string, string>,
  words: string[],
  act: () => Promise<unknown>,
  mark = "",
): Promise<{ text: string; lastId: string }> {
  const stop = AbortSignal.timeout(10_000);
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: AbortSignal.any([stop, controller.signal]) });
  void act();
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (words.every((word) => text.includes(`"${word}"`)) && text.includes(mark) && text.endsWith("\n\n"))
      break;
  }
  controller.abort();
  return { text, lastId: [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? "" };
}
