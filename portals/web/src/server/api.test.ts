import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApiHandler } from "./api.ts";

const token = (inSeconds: number) =>
  `h.${Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + inSeconds })).toString("base64url")}.s`;

/** A gateway as its wire looks from here: refresh rotates, everything else says what it was sent. */
describe("the API on the portal's own origin", () => {
  let gateway: Server;
  let refreshes = 0;
  let refreshStatus = 200;
  let seen: IncomingMessage[] = [];
  const handler = createApiHandler("dm");
  const call = (path: string, init: RequestInit & { duplex?: "half" } = {}) =>
    handler(new Request(`http://portal.test/api/${path}`, init), {
      params: Promise.resolve({ path: (path.split("?")[0] ?? "").split("/") }),
    });

  beforeAll(async () => {
    gateway = createServer((request, response) => {
      seen.push(request);
      if (request.url === "/auth/v1/refresh") {
        refreshes++;
        request.resume();
        const fresh = refreshStatus === 200;
        response.writeHead(
          refreshStatus,
          fresh
            ? { "set-cookie": [`dm_access_token=${token(900)}; Path=/`, "dm_refresh_token=new; Path=/"] }
            : {},
        );
        setTimeout(() => response.end("{}"), 30);
        return;
      }
      if (request.url === "/events") {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write("data: first\n\n");
        request.on("close", () => response.end());
        return;
      }
      let size = 0;
      request.on("data", (chunk: Buffer) => (size += chunk.length));
      request.on("end", () => response.end(JSON.stringify({ url: request.url, size })));
    });
    await new Promise<void>((done) => gateway.listen(0, "127.0.0.1", done));
    process.env.GATEWAY_URL = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  });
  afterAll(() => gateway.closeAllConnections());
  beforeEach(() => {
    refreshes = 0;
    refreshStatus = 200;
    seen = [];
  });

  it("passes this portal's cookies only, names the portal, and drops forged internal headers", async () => {
    const access = token(900);
    await call("tenant/v1/goals?limit=5", {
      headers: {
        cookie: `dashboard_access_token=theirs; dm_access_token=${access}`,
        "x-lm-portal": "manage",
        "x-lm-user": "me",
      },
    });
    const headers = seen[0]?.headers;
    expect(headers?.cookie).toBe(`dm_access_token=${access}`);
    expect(headers?.["x-lm-portal"]).toBe("dm");
    expect(headers?.["x-lm-user"]).toBeUndefined();
    expect(seen[0]?.url).toBe("/tenant/v1/goals?limit=5");
  });

  it("rotates an ended session once for many calls at the same time", async () => {
    const headers = { cookie: `dm_access_token=${token(-5)}; dm_refresh_token=old-1` };
    const answers = await Promise.all([
      call("a", { headers }),
      call("b", { headers }),
      call("c", { headers }),
    ]);
    expect(refreshes).toBe(1);
    for (const answer of answers)
      expect(answer.headers.getSetCookie().join()).toContain("dm_refresh_token=new");
    expect(seen.filter((one) => one.url === "/a")[0]?.headers.cookie).toContain("dm_refresh_token=new");
  });

  it("asks again after an outage and never ends the session because of one", async () => {
    refreshStatus = 503;
    const headers = { cookie: "dm_refresh_token=old-2" };
    const answer = await call("a", { headers });
    expect(answer.headers.getSetCookie()).toEqual([]);
    refreshStatus = 200;
    expect((await call("a", { headers })).headers.getSetCookie()).toHaveLength(2);
    expect(refreshes).toBe(2);
  });

  it("streams events as they happen", async () => {
    const abort = new AbortController();
    const answer = await call("events", { signal: abort.signal });
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toBe("data: first\n\n");
    abort.abort();
  });

  it("streams an upload through without holding it", async () => {
    const chunk = new Uint8Array(64 * 1024);
    let left = 40;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- > 0) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const answer = await call("upload", { method: "POST", body, duplex: "half" });
    expect(await answer.json()).toEqual({ url: "/upload", size: 40 * 64 * 1024 });
  });

  it("says in the one error shape that the gateway can't be reached", async () => {
    const there = process.env.GATEWAY_URL;
    process.env.GATEWAY_URL = "http://127.0.0.1:1";
    const answer = await call("a");
    process.env.GATEWAY_URL = there;
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { code: "gateway_unreachable" } });
  });
});
