import {
  emit,
  errors,
  newId,
  Rights,
  type RpcClients,
  requestCtx,
  service as served,
  startRpcServer,
  type TenantId,
  TokenVerifier,
  toRef,
} from "@leadmetrics/kit";
import { TenantUpdatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { TenantsService } from "@leadmetrics/proto/tenancy/v1/tenants";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { AgentsConfig } from "../src/config.ts";
import { service } from "../src/definition.ts";
import { askZones } from "../src/tenants/zones.ts";
import { agentsTest } from "./agents.ts";

const { t, config } = await agentsTest();
/** What tenancy knows, and whom it was asked for. */
const zones = new Map<string, string>();
let asked: string[] = [];
let isAway = false;
let rpc: RpcClients | undefined;

const tenancy = await startRpcServer({
  services: [
    served(TenantsService, {
      getTenant: (_request, hc) => {
        const [id] = requestCtx(hc).tenantIds;
        if (isAway) throw errors.unavailable("away");
        if (!id) throw errors.invalid("whose");
        asked.push(id);
        const timeZone = zones.get(id);
        if (timeZone === undefined) throw errors.notFound("tenant");
        return { tenant: { ref: toRef(id), timeZone } };
      },
      createTenant: () => ({}),
      listTenants: () => ({}),
      updateTenant: () => ({}),
      setTenantStatus: () => ({}),
    }),
  ],
  verifier: new TokenVerifier(t.keys, new Rights()),
  log: t.log,
  host: "127.0.0.1",
  rpcPort: 0,
  grpcPort: 0,
  isReady: () => true,
});
// Without schedules: the tests ask when they want.
await t.start<AgentsConfig>({
  config: { ...config, TENANCY_URL: `http://127.0.0.1:${tenancy.rpcPort}` },
  rpc: (deps) => {
    rpc = deps.rpc;
    return service.rpc?.(deps) ?? [];
  },
  consumers: service.consumers,
});
afterAll(async () => {
  await t.close();
  await tenancy.close();
});

const ask = async () => {
  if (!rpc) throw new Error("the service did not start");
  await askZones({ db: t.db, rpc, log: t.log }, new AbortController().signal);
};
/** A tenant of which only credits were heard so far, as one from before time zones were kept. */
async function oldTenant(): Promise<TenantId> {
  const tenantId = newId() as TenantId;
  await t.db.withTenant(t.ctx.tenant(tenantId), (tx) =>
    tx.insertInto("tenant_terms").values({ tenant_id: tenantId, credited_on: new Date() }).execute(),
  );
  return tenantId;
}
const zoneOf = (tenantId: TenantId) =>
  t.db.withTenant(t.ctx.tenant(tenantId), (tx) =>
    tx.selectFrom("tenant_terms").select("time_zone").executeTakeFirst(),
  );

beforeEach(async () => {
  isAway = false;
  await ask();
  asked = [];
});

describe("where a tenant is that was there before its time zone was kept", () => {
  it("is asked of tenancy once", async () => {
    const tenantId = await oldTenant();
    zones.set(tenantId, "Asia/Kolkata");
    expect(await zoneOf(tenantId)).toEqual({ time_zone: "UTC" });
    await ask();
    expect(await zoneOf(tenantId)).toEqual({ time_zone: "Asia/Kolkata" });
    await ask();
    expect(asked).toEqual([tenantId]);
  });

  it("is asked again while tenancy is away, and not for one that is gone", async () => {
    const [tenantId, gone] = [await oldTenant(), await oldTenant()];
    zones.set(tenantId, "Europe/Berlin");
    isAway = true;
    await ask();
    expect(await zoneOf(tenantId)).toEqual({ time_zone: "UTC" });
    isAway = false;
    await ask();
    await ask();
    expect(await zoneOf(tenantId)).toEqual({ time_zone: "Europe/Berlin" });
    expect(asked.toSorted()).toEqual([tenantId, gone].toSorted());
  });

  it("isn't asked where tenancy has said it by itself", async () => {
    const tenantId = await oldTenant();
    const ctx = t.ctx.tenant(tenantId);
    const updated = { tenantRef: toRef(tenantId), name: "Bakery", timeZone: "America/New_York" };
    await t.db.withTenant(ctx, (tx) =>
      emit(tx, ctx, TenantUpdatedSchema, updated, {
        aggregate: tenantId,
        subject: `evt.tenancy.tenant.updated.v1.${toRef(tenantId)}`,
      }),
    );
    await expect.poll(() => zoneOf(tenantId), { timeout: 15_000 }).toEqual({ time_zone: "America/New_York" });
    await ask();
    expect(asked).toEqual([]);
  });
});
