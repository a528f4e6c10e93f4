import { newId } from "@leadmetrics/kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningGateway, startGateway } from "./gateway.ts";

let gateway: RunningGateway;
let t: RunningGateway["t"];
let app: RunningGateway["app"];
let bearer: RunningGateway["bearer"];
beforeAll(async () => {
  gateway = await startGateway();
  ({ t, app, bearer } = gateway);
});
afterAll(() => gateway?.close());

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
    const before = gateway.created();
    const first = await app.inject({ method: "POST", url: "/tenant/v1/plans", headers, payload: plan });
    const again = await app.inject({ method: "POST", url: "/tenant/v1/plans", headers, payload: plan });
    const other = await app.inject({
      method: "POST",
      url: "/tenant/v1/plans",
      headers,
      payload: { ...plan, title: "Other" },
    });
    expect(gateway.created() - before).toBe(1);
    expect(again.json()).toEqual(first.json());
    expect(again.statusCode).toBe(201);
    expect(other.json().error.code).toBe("idempotency_key_reused");
  });

  it("lets one of several through that come at once", async () => {
    const headers = { ...bearer, "idempotency-key": `key-${newId()}` };
    const before = gateway.created();
    const send = () => app.inject({ method: "POST", url: "/tenant/v1/plans", headers, payload: plan });
    const answers = await Promise.all([send(), send(), send()]);
    expect(gateway.created() - before).toBe(1);
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 409, 409]);
    const refused = answers.find((answer) => answer.statusCode === 409);
    expect(refused?.json().error.code).toBe("idempotency_in_progress");
  });

  it("is the person's, not their token's, and not another person's", async () => {
    const ctx = t.ctx.tenant();
    const [before, key] = [gateway.created(), `key-${newId()}`];
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
    expect(gateway.created() - before).toBe(1);
    await sendAs(t.ctx.tenant(t.tenantB).principal);
    expect(gateway.created() - before).toBe(2);
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
