import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandFor } from "@leadmetrics/local/commands";
import { freeBase, makePlace } from "@leadmetrics/local/place";
import { buildPortals } from "@leadmetrics/local/portal-builds";
import { SecretsFile } from "@leadmetrics/local/secrets-file";
import { Supervised } from "@leadmetrics/local/supervisor";
import { processNamed } from "@leadmetrics/local/system";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const SETUP_MS = 300_000;
const READY_MS = 60_000;
const SPEC = processNamed("dashboard");

/** A portal as it is built for production, before a gateway of which only the wire is there. */
describe("what a portal's server tells about itself", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "lm-portal-"));
  let gateway: Server;
  let portal: Supervised;
  let at: (path: string) => string;
  let metricsUrl: string;
  const traceparents: (string | undefined)[] = [];

  beforeAll(async () => {
    gateway = createServer((request, response) => {
      traceparents.push(request.headers.traceparent?.toString());
      response
        .writeHead(request.url === "/broken" ? 500 : 200, { "content-type": "application/json" })
        .end("{}");
    });
    gateway.listen(0, "127.0.0.1");
    await once(gateway, "listening");
    const place = makePlace({ base: await freeBase(), dataDir });
    at = (path) => `${place.url("dashboard")}${path}`;
    metricsUrl = `http://127.0.0.1:${place.port(SPEC.ports.admin ?? 0)}`;
    await buildPortals([SPEC], () => () => {});
    const { port } = gateway.address() as AddressInfo;
    portal = new Supervised(
      commandFor(SPEC, {
        place,
        secrets: new SecretsFile(join(dataDir, "secrets.json")),
        backends: { natsUrlOf: () => "", smtpUrl: "" },
        databases: new Map(),
        watch: false,
        traces: false,
        // None of the traces is kept, and everything is measured nevertheless.
        env: {
          GATEWAY_URL: `http://127.0.0.1:${port}`,
          LM_VERSION: "1.2.3-test",
          OTEL_TRACES_SAMPLER: "parentbased_always_off",
        },
      }),
      place.logDir,
      { notice: () => {}, pidsChanged: () => {} },
    );
    portal.start();
    if (!(await portal.waitReady(READY_MS)))
      throw new Error(`the portal is not ready:\n${portal.recentLines().join("\n")}`);
  }, SETUP_MS);
  afterAll(async () => {
    await portal?.stop();
    gateway?.closeAllConnections();
    gateway?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const claims = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1_000) + 900 })).toString(
    "base64url",
  );
  const cookie = `dashboard_access_token=h.${claims}.s`;
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(at(path), { headers, redirect: "manual" });
    await response.arrayBuffer();
    return response.status;
  };
  const metrics = async () => (await fetch(`${metricsUrl}/metrics`)).text();
  /** Of the series with exactly these labels, in whatever order. */
  const value = (text: string, series: string) => {
    const sorted = (each: string) => each.split(/[{},]/).filter(Boolean).sort().join();
    const line = text
      .split("\n")
      .find((each) => sorted(each.slice(0, each.lastIndexOf(" "))) === sorted(series));
    return line === undefined ? undefined : Number(line.split(" ").at(-1));
  };

  it("counts and times pages by the pattern of their route, and their rendering", async () => {
    expect(await get("/plans/PLN-first", { cookie })).toBe(200);
    expect(await get("/plans/PLN-second", { cookie })).toBe(200);
    expect(await get("/login")).toBe(200);
    expect(await get("/plans")).toBe(307);
    const text = await metrics();
    const page = (route: string, status: number) =>
      `lm_page_duration_seconds_count{service="dashboard",method="GET",route="${route}",status="${status}"}`;
    expect(value(text, page("/plans/[ref]", 200))).toBe(2);
    expect(value(text, page("/login", 200))).toBe(1);
    expect(
      value(text, 'lm_page_render_duration_seconds_count{service="dashboard",route="/plans/[ref]"}'),
    ).toBe(2);
    expect(text).not.toMatch(/PLN-/);
  });

  it("times its calls of the gateway, and tells refusals, faults and silence apart", async () => {
    const calls = (text: string, status: string) =>
      value(
        text,
        `lm_portal_call_duration_seconds_count{service="dashboard",call="api",status="${status}"}`,
      ) ?? 0;
    // Pages ask for what they will need: those calls are there already.
    const before = await metrics();
    expect(await get("/api/tenant/v1/goals", { cookie })).toBe(200);
    expect(await get("/api/broken", { cookie })).toBe(500);
    const after = await metrics();
    expect(
      ["200", "500", "unreachable"].map((status) => calls(after, status) - calls(before, status)),
    ).toEqual([1, 1, 0]);
    const { port } = gateway.address() as AddressInfo;
    gateway.closeAllConnections();
    gateway.close();
    expect(await get("/api/tenant/v1/goals", { cookie })).toBe(503);
    gateway.listen(port, "127.0.0.1");
    await once(gateway, "listening");
    expect(calls(await metrics(), "unreachable") - calls(before, "unreachable")).toBe(1);
  });

  it("begins the trace that goes on in the gateway", async () => {
    traceparents.length = 0;
    await get("/api/tenant/v1/goals", { cookie });
    expect(traceparents).toEqual([expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)]);
  });

  it("says which version runs, and how Node is", async () => {
    const text = await metrics();
    expect(value(text, 'lm_build_info{service="dashboard",version="1.2.3-test"}')).toBe(1);
    for (const name of ["nodejs_eventloop_lag_p99_seconds", "nodejs_heap_size_used_bytes"])
      expect(value(text, `${name}{service="dashboard"}`)).toBeGreaterThan(0);
    expect(await (await fetch(`${metricsUrl}/readyz`)).json()).toMatchObject({ version: "1.2.3-test" });
  });
});
