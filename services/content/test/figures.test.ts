import { newId, type TenantId, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { TroubleKind, WorkFiguresService } from "@leadmetrics/proto/content/v1/figures";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentDb } from "../src/db.ts";
import { workFiguresService } from "../src/figures/rpc.ts";

let t: ServiceTest<ContentDb>;
beforeAll(async () => {
  t = await startServiceTest<ContentDb>({
    service: "content",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({ config: t.config, rpc: ({ db }) => [workFiguresService(db)] });
});
afterAll(() => t?.close());

const bakery = newId() as TenantId;
const travel = newId() as TenantId;

async function channel(tenant: TenantId, status: "connected" | "expired" | "unreachable") {
  const id = newId();
  await t.db.withTenant(t.ctx.tenant(tenant), (tx) =>
    tx
      .insertInto("channel")
      .values({
        id,
        tenant_id: tenant,
        kind: "wordpress",
        name: "The blog",
        url: "https://blog.example",
        username: "editor",
        sealed_credentials: null,
        status,
        problem: status === "expired" ? "The password was refused." : "",
        tested_on: null,
        created_by: "test",
        updated_by: null,
      })
      .execute(),
  );
  return id;
}

describe("what is in trouble over all tenants", () => {
  it("names channels that can't be published to, whoever's they are, and leaves the others out", async () => {
    const expired = await channel(bakery, "expired");
    const away = await channel(travel, "unreachable");
    await channel(travel, "connected");
    const admin = await t.client(WorkFiguresService, t.ctx.superAdmin().principal);
    const { troubles } = await admin.listTroubles({});
    expect(troubles.map(({ kind, ref, tenantRef, state }) => ({ kind, ref, tenantRef, state }))).toEqual([
      { kind: TroubleKind.CHANNEL, ref: toRef(expired), tenantRef: toRef(bakery), state: "expired" },
      { kind: TroubleKind.CHANNEL, ref: toRef(away), tenantRef: toRef(travel), state: "unreachable" },
    ]);
    expect(troubles[0]).toMatchObject({
      title: "The blog",
      problem: "The password was refused.",
      version: 1,
    });
    expect((await admin.listWorkFigures({})).figures).toEqual([]);
  });

  it("is nobody's but super admins'", async () => {
    const client = await t.client(WorkFiguresService, t.ctx.tenant(bakery).principal);
    await expect(client.listTroubles({})).rejects.toThrow(/permission_denied/);
  });
});
