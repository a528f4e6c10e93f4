import { SubscriptionsService } from "@leadmetrics/proto/billing/v1/credits";
import { RunCancellationRequestedSchema as Said } from "@leadmetrics/proto/content/events/v1/events";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { consumer, emit, newId, on, retry, service, tenantCtx, toRef } from "../src/index.ts";
import { startTracing } from "../src/telemetry/tracing.ts";
import { type ServiceTest, startServiceTest } from "../src/testing/index.ts";
import { migrations, type NotesDb } from "./fixture.ts";

const written: string[] = [];
let t: ServiceTest<NotesDb>;

beforeAll(async () => {
  startTracing("content", []);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  t = await startServiceTest<NotesDb>({ service: "content", migrations });
  await t.start({
    config: { ...t.config, LOG_LEVEL: "debug" },
    rpc: ({ db }) => [
      service(SubscriptionsService, {
        listOfferings: () => ({ offerings: [] }),
        getSubscription(_req, hc) {
          tenantCtx(hc).log.info({ apiKey: "sk-never-shown" }, "looked");
          throw new Error("a defect");
        },
        async changeSubscription(_req, hc) {
          const ctx = tenantCtx(hc);
          await db.withTenant(ctx, (tx) =>
            emit(tx, ctx, Said, { runRef: toRef(newId()), reason: "asked" }, { aggregate: "a" }),
          );
          return {};
        },
      }),
    ],
    consumers: () => [
      consumer<NotesDb>({
        durable: "content-notes",
        on: [
          on(Said, async (_event, { ctx }) => {
            ctx.log.info("heard");
            return retry(60_000, "later");
          }),
        ],
      }),
    ],
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await t?.close();
});

/** The details of the line with this text. */
const line = async (text: string): Promise<Record<string, unknown>> => {
  const found = await vi.waitFor(() => {
    const lines = written
      .join("")
      .split("\n")
      .filter((each) => each.includes(` content: ${text} {`));
    expect(lines).not.toEqual([]);
    return lines[0] ?? "";
  });
  return JSON.parse(found.slice(found.indexOf("{"))) as Record<string, unknown>;
};

it("what a call logs, and that it failed, says which request, trace and tenant; a secret it says of none", async () => {
  const requestId = toRef(newId());
  const client = await t.client(SubscriptionsService, t.ctx.tenant().principal);
  await expect(client.getSubscription({}, { headers: { "x-request-id": requestId } })).rejects.toThrow();
  const who = { requestId, tenant: toRef(t.tenantA), traceId: expect.stringMatching(/^[0-9a-f]{32}$/) };
  expect(await line("looked")).toMatchObject({ ...who, apiKey: "[hidden]" });
  expect(await line("a call failed")).toMatchObject(who);
  expect(written.join("")).not.toContain("sk-never-shown");
});

it("what the handler of an event logs says the same of the request that caused it", async () => {
  const requestId = toRef(newId());
  const client = await t.client(SubscriptionsService, t.ctx.superAdmin().principal, t.tenantA);
  await client.changeSubscription({ planCode: "free" }, { headers: { "x-request-id": requestId } });
  expect(await line("heard")).toMatchObject({
    requestId,
    tenant: toRef(t.tenantA),
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    eventId: expect.any(String),
  });
});
