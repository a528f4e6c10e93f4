import http from "node:http";
import { SubscriptionsService } from "@leadmetrics/proto/billing/v1/credits";
import { afterAll, beforeAll, expect, it } from "vitest";
import { service } from "../src/index.ts";
import type { RunningService } from "../src/service.ts";
import { type ServiceTest, startServiceTest } from "../src/testing/index.ts";
import { migrations, type NotesDb } from "./fixture.ts";

const DRAIN_MS = 1_500;
let t: ServiceTest<NotesDb>;
let running: RunningService;

beforeAll(async () => {
  t = await startServiceTest<NotesDb>({ service: "content", migrations });
  running = await t.start({
    config: { ...t.config, DRAIN_MS },
    rpc: () => [
      service(SubscriptionsService, {
        listOfferings: () => ({ offerings: [] }),
        getSubscription: () => ({}),
        changeSubscription: () => ({}),
      }),
    ],
  });
});
afterAll(() => t?.close());

const agent = new http.Agent({ keepAlive: true });

/** One call over a connection that is kept, and what was said about the connection. */
function call(): Promise<{ status: number | undefined; connection: string | undefined }> {
  const path = `/${SubscriptionsService.typeName}/ListOfferings`;
  const headers = { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: "127.0.0.1", port: running.rpcPort, path, method: "POST", headers, agent },
      (response) => {
        response.resume();
        response.on("end", () =>
          resolve({ status: response.statusCode, connection: response.headers.connection }),
        );
      },
    );
    request.on("error", reject);
    request.end("{}");
  });
}

it("a process that is told to stop is not ready, answers on, lets its callers' connections go, and only then ends", async () => {
  const before = await call();
  expect(before.connection).toBe("keep-alive");
  const stopped = running.stop();
  expect((await fetch(`http://127.0.0.1:${running.adminPort}/readyz`)).status).toBe(503);
  expect(await call()).toEqual({ status: before.status, connection: "close" });
  expect(Object.values(agent.freeSockets).flat()).toEqual([]);
  await stopped;
  await expect(call()).rejects.toThrow("ECONNREFUSED");
});
