import { Code, ConnectError } from "@connectrpc/connect";
import { emit, newId, systemCtx, toRef } from "@leadmetrics/kit";
import { catalogueTest, type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { UserVerifiedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { ContractsService } from "@leadmetrics/proto/tenancy/v1/contracts";
import { TenantsService } from "@leadmetrics/proto/tenancy/v1/tenants";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresTrail } from "../src/audit/postgres.ts";
import { ContractGate, contractConsumer } from "../src/contracts/gate.ts";
import type { TenancyDb } from "../src/db.ts";
import { Assignments } from "../src/members/assignments.ts";
import { memberConsumers } from "../src/members/events.ts";
import { servicesOf } from "../src/services.ts";

let t: ServiceTest<TenancyDb>;
beforeAll(async () => {
  t = await startServiceTest<TenancyDb>({
    service: "tenancy",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({
    config: t.config,
    rpc: ({ db, rpc, nats }) => servicesOf({ db, rpc, nats, trail: postgresTrail(db) }),
    consumers: ({ db, nats }) => [
      ...memberConsumers(db, new Assignments(db, nats)),
      contractConsumer(new ContractGate(db, nats)),
    ],
  });
});
afterAll(() => t?.close());

const pdf = (word: string) => Buffer.from(`%PDF-1.4\n% ${word.padEnd(120)}\n%%EOF\n`);

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

/** A company, and the tenant it became. */
async function company() {
  const userId = newId();
  const event = { userRef: toRef(userId), email: "o@x.example", name: "Olga", companyName: "Bakery" };
  await t.db.global((tx) => emit(tx, systemCtx("test"), UserVerifiedSchema, event, { aggregate: userId }));
  const row = await until(() =>
    t.db.withSystem("the new tenant", (tx) =>
      tx.selectFrom("tenant_member").select("tenant_id").where("user_id", "=", userId).executeTakeFirst(),
    ),
  );
  return row.tenant_id as typeof t.tenantA;
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it didn't happen");
}

it("a contract closes everything else until the very document that was read is accepted; without one all is open", async () => {
  const tenant = await company();
  const { principal } = t.ctx.tenant(tenant);
  const contracts = await t.client(ContractsService, principal);
  const tenants = await t.client(TenantsService, principal);
  const admin = await t.client(ContractsService, t.ctx.superAdmin().principal, tenant);
  expect(await contracts.getContract({})).toMatchObject({ waiting: false });
  expect((await tenants.getTenant({})).tenant?.name).toBe("Bakery");

  const text = { title: "Agreement", document: Buffer.from("a letter ".repeat(20)) };
  expect((await refusal(admin.offerContract(text))).code).toBe(Code.InvalidArgument);
  await admin.offerContract({ title: "Agreement", document: pdf("one") });
  const { contract: offered } = await contracts.getContract({});
  const closed = await until(() =>
    tenants.getTenant({}).then(
      () => undefined,
      (error: unknown) => ConnectError.from(error),
    ),
  );
  expect([closed.code, closed.rawMessage]).toEqual([
    Code.FailedPrecondition,
    expect.stringContaining("contract waits"),
  ]);
  const document = await contracts.getContractDocument({ contractRef: offered?.ref });
  expect(Buffer.from(document.document).equals(pdf("one"))).toBe(true);

  const other = contracts.acceptContract({ contractRef: offered?.ref, documentHash: "0".repeat(64) });
  expect((await refusal(other)).code).toBe(Code.FailedPrecondition);
  const again = { contractRef: offered?.ref, documentHash: offered?.documentHash };
  const { contract: accepted } = await contracts.acceptContract(again);
  expect(accepted?.acceptance?.acceptedOn).toBeDefined();
  await until(() =>
    tenants.getTenant({}).then(
      ({ tenant: open }) => open?.name,
      () => undefined,
    ),
  );
  // A second yes changes nothing of the first.
  expect((await contracts.acceptContract(again)).contract?.acceptance).toEqual(accepted?.acceptance);
});

it("a new version waits again, and the older one can't be accepted in its place", async () => {
  const tenant = await company();
  const { principal } = t.ctx.tenant(tenant);
  const contracts = await t.client(ContractsService, principal);
  const admin = await t.client(ContractsService, t.ctx.superAdmin().principal, tenant);
  const { contract: first } = await admin.offerContract({ title: "First", document: pdf("first") });
  await admin.offerContract({ title: "Second", document: pdf("second") });
  const older = contracts.acceptContract({ contractRef: first?.ref, documentHash: first?.documentHash });
  expect((await refusal(older)).code).toBe(Code.NotFound);
  expect(await contracts.getContract({})).toMatchObject({ waiting: true, contract: { title: "Second" } });
});

it("every tenant table is protected", () => catalogueTest(t));
