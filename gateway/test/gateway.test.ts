import {
  AppError,
  applyStreams,
  emit,
  errors,
  newId,
  RIGHTS_BUCKET,
  Rights,
  revokedKey,
  rpcClients,
  service,
  TokenVerifier,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { PlanApprovedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { PlansService } from "@leadmetrics/proto/content/v1/plans";
import { ReviewsService } from "@leadmetrics/proto/content/v1/reviews";
import { FilesService } from "@leadmetrics/proto/rag/v1/files";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../src/app.ts";
import { Feed } from "../src/live/feed.ts";

const migrations = new URL("../../services/kit/test/fixture/", import.meta.url);
let t: ServiceTest<unknown>;
let app: FastifyInstance;
let bearer: Record<string, string>;
let calls = 0;
/** Milliseconds a plan takes to make, long enough for a second request to come in between. */
const WORK_MS = 60;
let feed: Feed;
const tenantPlan = {
  ref: "P",
  title: "December",
  start: { year: 2026, month: 12, day: 1 },
  status: 1,
} as const;

beforeAll(async () => {
  t = await startServiceTest({ service: "content", migrations });
  const running = await t.start({
    config: t.config,
    rpc: () => [
      service(PlansService, {
        createPlan: async (req) => {
          calls += 1;
          await new Promise((resolve) => setTimeout(resolve, WORK_MS));
          return { plan: { ...tenantPlan, title: req.title, stamp: { version: 1 } } };
        },
        getPlan: (_req, hc) => ({ plan: { ...tenantPlan, ref: toRef(tenantCtx(hc).tenantId) } }),
        listPlans: () => ({ plans: [tenantPlan], page: { nextPageToken: "next" } }),
        updatePlan: () => ({}),
        approvePlan() {
          throw errors.conflict("already_approved", "This plan was approved already.", {
            status: "approved",
            content_hash: "abc",
          });
        },
        listPeriods: () => ({}),
        listActivityTemplates: () => ({}),
      }),
      service(ReviewsService, {
        listReviewQueue: () => ({ total: 0 }),
        approveDraft: () => ({}),
        editAndApproveDraft: () => ({}),
        rejectDraft: () => ({}),
      }),
      service(FilesService, {
        async uploadFile(parts) {
          let size = 0;
          let name = "";
          for await (const { part } of parts) {
            if (part.case === "header") name = part.value.name;
            else if (part.case === "data") size += part.value.length;
          }
          if (size === 0) throw new AppError("invalid", "file_empty", `${name} is empty.`);
          return { file: { ref: "F", name, sizeBytes: BigInt(size), status: 1 } };
        },
        getFile: () => ({}),
        listFiles: () => ({}),
        deleteFile: () => ({}),
      }),
    ],
  });
  const url = `http://127.0.0.1:${running.rpcPort}`;
  const rights = new Rights();
  await rights.watch(await t.nats.kv(RIGHTS_BUCKET), t.log);
  const rpc = rpcClients({
    name: "gateway",
    secret: "",
    urls: { ...t.config, CONTENT_URL: url, RAG_URL: url },
  });
  feed = new Feed(t.nats, t.log);
  await feed.start();
  app = await buildApp({
    rpc,
    nats: t.nats,
    rights,
    feed,
    log: t.log,
    verifier: new TokenVerifier(t.keys, rights),
    trustedProxies: "",
    production: false,
    rateLimitScale: 1,
  });
  bearer = { authorization: `Bearer ${await t.token(t.ctx.tenant().principal)}` };
});
afterAll(async () => {
  feed?.stop();
  await app?.close();
  await t?.close();
});

const plan = {
  title: "December",
  start: "2026-12-01",
  end: "2026-12-31",
  deliverables: [{ contentType: "blog_post", quantity: 1 }],
};

describe("a route made of a contract", () => {
  it("answers in the API's words: enums, days, a flat stamp", async () => {
    const answer = await app.inject({
      method: "POST",
      url: "/tenant/v1/plans",
      headers: bearer,
      payload: plan,
    });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({
      title: "December",
      start: "2026-12-01",
      status: "awaiting_approval",
      version: 1,
    });
  });

  it("shows lists as items with the token of the next page", async () => {
    const answer = await app.inject({ url: "/tenant/v1/plans?pageSize=1", headers: bearer });
    expect(answer.json()).toMatchObject({ items: [{ ref: "P" }], nextPageToken: "next" });
  });

  it("passes a conflict on as 409 with the present state", async () => {
    const answer = await app.inject({
      method: "POST",
      url: "/tenant/v1/plans/P/approve",
      headers: bearer,
      payload: { version: 1 },
    });
    expect(answer.statusCode).toBe(409);
    expect(answer.json().error).toMatchObject({
      code: "already_approved",
      details: { status: "approved", contentHash: "abc" },
    });
  });
});

describe("bad input gets one shape", () => {
  const shape = {
    error: { code: expect.any(String), message: expect.any(String), requestId: expect.any(String) },
  };
  it.each([
    ["an unknown field", { ...plan, colour: "red" }, 400, "colour"],
    [
      "a quantity of 0",
      { ...plan, deliverables: [{ contentType: "blog_post", quantity: 0 }] },
      400,
      "quantity",
    ],
    [
      "a quantity of 10,000",
      { ...plan, deliverables: [{ contentType: "blog_post", quantity: 10_000 }] },
      400,
      "quantity",
    ],
    [
      "a word that is none",
      { ...plan, deliverables: [{ contentType: "opera", quantity: 1 }] },
      400,
      "contentType",
    ],
    ["no title", { ...plan, title: "" }, 400, "title"],
    ["a 300 KB title", { ...plan, title: "x".repeat(300_000) }, 400, "title"],
  ])("R-13: %s", async (_what, payload, status, named) => {
    const answer = await app.inject({ method: "POST", url: "/tenant/v1/plans", headers: bearer, payload });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject(shape);
    expect(answer.body).toContain(named);
  });

  it("broken JSON, a body that is too large, no such route, no token, the wrong portal", async () => {
    const json = { ...bearer, "content-type": "application/json" };
    const broken = await app.inject({ method: "POST", url: "/tenant/v1/plans", headers: json, payload: "{" });
    const large = await app.inject({
      method: "POST",
      url: "/tenant/v1/plans",
      headers: json,
      payload: JSON.stringify({ title: "x".repeat(600_000) }),
    });
    const nowhere = await app.inject({ url: "/tenant/v1/nowhere", headers: bearer });
    const nobody = await app.inject({ url: "/tenant/v1/plans" });
    const wrong = await app.inject({ url: "/admin/v1/tenants", headers: bearer });
    expect([broken, large, nowhere, nobody, wrong].map((answer) => answer.statusCode)).toEqual([
      400, 413, 404, 401, 403,
    ]);
    for (const answer of [broken, large, nowhere, nobody, wrong]) expect(answer.json()).toMatchObject(shape);
  });
});

describe("an Idempotency-Key", () => {
  it("carries a call out once and answers the same again, but not for another body", async () => {
    const headers = { ...bearer, "idempotency-key": `key-${newId()}` };
    const before = calls;
    const first = await app.inject({ method: "POST", url: "/tenant/v1/plans", headers, payload: plan });
    const again = await app.inject({ method: "POST", url: "/tenant/v1/plans", headers, payload: plan });
    const other = await app.inject({
      method: "POST",
      url: "/tenant/v1/plans",
      headers,
      payload: { ...plan, title: "Other" },
    });
    expect(calls - before).toBe(1);
    expect(again.json()).toEqual(first.json());
    expect(again.statusCode).toBe(201);
    expect(other.json().error.code).toBe("idempotency_key_reused");
  });

  it("lets one of several through that come at once", async () => {
    const headers = { ...bearer, "idempotency-key": `key-${newId()}` };
    const before = calls;
    const send = () => app.inject({ method: "POST", url: "/tenant/v1/plans", headers, payload: plan });
    const answers = await Promise.all([send(), send(), send()]);
    expect(calls - before).toBe(1);
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 409, 409]);
    const refused = answers.find((answer) => answer.statusCode === 409);
    expect(refused?.json().error.code).toBe("idempotency_in_progress");
  });

  it("is the person's, not their token's, and not another person's", async () => {
    const ctx = t.ctx.tenant();
    const [before, key] = [calls, `key-${newId()}`];
    const sendAs = async (principal: typeof ctx.principal) =>
      app.inject({
        method: "POST",
        url: "/tenant/v1/plans",
        headers: { authorization: `Bearer ${await t.token(principal)}`, "idempotency-key": key },
        payload: plan,
      });
    await sendAs(ctx.principal);
    // Signed in anew, as after a silent refresh.
    await sendAs({ ...ctx.principal, sessionId: newId() } as typeof ctx.principal);
    expect(calls - before).toBe(1);
    await sendAs(t.ctx.tenant(t.tenantB).principal);
    expect(calls - before).toBe(2);
  });
});

describe("a rate limit", () => {
  it("R-14: stops a guesser who brings a new token for every try", async () => {
    const tries = [];
    for (let count = 0; count < 11; count += 1) {
      const made = Buffer.from(JSON.stringify({ sub: newId() })).toString("base64url");
      tries.push(
        await app.inject({
          method: "POST",
          url: "/auth/v1/login",
          headers: { authorization: `Bearer e30.${made}.x` },
          payload: { email: "a@example.com", password: "guess", portal: "dashboard" },
        }),
      );
    }
    expect(tries.slice(0, 10).some((answer) => answer.statusCode === 429)).toBe(false);
    const last = tries.at(-1);
    expect([last?.statusCode, last?.json().error.code]).toEqual([429, "rate_limited"]);
    expect(Number(last?.headers["retry-after"])).toBeGreaterThan(0);
  });

  it("R-18: answers in the shape of every other error", async () => {
    const guess = () =>
      app.inject({
        method: "POST",
        url: "/auth/v1/login",
        payload: { email: "a@example.com", password: "guess", portal: "dashboard" },
      });
    const answers = await Promise.all(Array.from({ length: 11 }, guess));
    const refused = answers.filter((answer) => answer.statusCode === 429);
    expect(refused.length).toBeGreaterThan(0);
    const notThere = await app.inject({ url: "/tenant/v1/nowhere", headers: bearer });
    const keysOf = (body: { error: object }) => [Object.keys(body), Object.keys(body.error).sort()];
    for (const answer of refused) expect(keysOf(answer.json())).toEqual(keysOf(notThere.json()));
  });
});

describe("cookies", () => {
  it("count only beside the portal's header", async () => {
    const cookies = { dashboard_access_token: (bearer.authorization ?? "").slice(7) };
    expect((await app.inject({ url: "/tenant/v1/plans", cookies })).statusCode).toBe(401);
    expect(
      (await app.inject({ url: "/tenant/v1/plans", cookies, headers: { "x-lm-portal": "dashboard" } }))
        .statusCode,
    ).toBe(200);
  });
});

describe("uploads", () => {
  it.each([
    ["without a boundary", "multipart/form-data", '"text"'],
    ["that is something else", "multipart/form-data; boundary=b", '"text"'],
    [
      "that is cut",
      "multipart/form-data; boundary=b",
      '--b\r\ncontent-disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhalf',
    ],
    ["whose head is cut", "multipart/form-data; boundary=b", "--b\r\ncontent-dispo"],
  ])("refuse a form %s", async (_what, type, payload) => {
    const answer = await app.inject({
      method: "POST",
      url: "/tenant/v1/files",
      headers: { ...bearer, "content-type": type },
      payload,
    });
    expect([answer.statusCode < 500, answer.json().error?.code !== "internal"]).toEqual([true, true]);
  });

  it("take the good file and refuse the empty and the large one with the reason", async () => {
    const form = new FormData();
    form.append("files", new Blob(["# Rye"]), "rye.md");
    form.append("files", new Blob([]), "empty.md");
    form.append("files", new Blob([new Uint8Array(11 * 1024 * 1024)]), "large.pdf");
    form.append("files", new Blob(["last"]), "last.txt");
    const request = new Request("http://x", { method: "POST", body: form });
    const payload = Buffer.from(await request.arrayBuffer());
    const answer = await app.inject({
      method: "POST",
      url: "/tenant/v1/files",
      headers: { ...bearer, "content-type": request.headers.get("content-type") ?? "" },
      payload,
    });
    expect(answer.statusCode).toBe(207);
    expect(
      answer
        .json()
        .items.map((item: { name: string; error?: { code: string } }) => [
          item.name,
          item.error?.code ?? "ok",
        ]),
    ).toEqual([
      ["rye.md", "ok"],
      ["empty.md", "file_empty"],
      ["large.pdf", "file_too_large"],
      ["last.txt", "ok"],
    ]);
  });
});

describe("live events", () => {
  beforeAll(() => app.listen({ port: 0, host: "127.0.0.1" }));

  it("R-11: reach the tenant they concern and no other, and nobody loses one over a reconnect", async () => {
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

  it("go on when the broker has lost its disk and its numbers begin again", async () => {
    await t.nats.jsm.streams.delete("FEED");
    await applyStreams(t.nats);
    const heard: string[] = [];
    const stop = feed.listen((item) => heard.push(item.type));
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

  it("start anew when what was missed can't be told", async () => {
    const headers = { ...bearer, "last-event-id": "999999999" };
    const { text } = await listen(eventsUrl(), headers, [], async () => {}, "event: reset");
    expect(text).toMatch(/^id: \d+\nevent: reset$/m);
  });

  it("end within seconds when the session is ended", async () => {
    const { principal } = t.ctx.tenant();
    if (principal.kind !== "tenant") throw new Error("not a tenant user");
    const response = await fetch(eventsUrl(), {
      headers: { authorization: `Bearer ${await t.token(principal)}` },
      signal: AbortSignal.timeout(5_000),
    });
    await (await t.nats.kv(RIGHTS_BUCKET)).put(revokedKey(toRef(principal.sessionId)), "1");
    expect(await response.text()).toContain("event: hello");
  });
});

function eventsUrl(): string {
  const address = app.server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/tenant/v1/events`;
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
