import { fileURLToPath } from "node:url";
import { Code, ConnectError } from "@connectrpc/connect";
import { credentials, loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { CreditsService, SubscriptionsService } from "@leadmetrics/proto/billing/v1/credits";
import { ReviewsService } from "@leadmetrics/proto/content/v1/reviews";
import { ErrorInfoSchema } from "@leadmetrics/proto/gen/google/rpc/error_details_pb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestCtx, tenantCtx } from "../src/context.ts";
import { errors } from "../src/errors.ts";
import { newId, toRef } from "../src/ids.ts";
import { RIGHTS_BUCKET, revokedKey } from "../src/rpc/rights.ts";
import { service } from "../src/rpc/server.ts";
import type { RunningService } from "../src/service.ts";
import { type ServiceTest, startServiceTest } from "../src/testing/index.ts";
import { migrations, type NotesDb } from "./fixture.ts";

let t: ServiceTest<NotesDb>;
let running: RunningService;
beforeAll(async () => {
  t = await startServiceTest<NotesDb>({ service: "billing", migrations });
  running = await t.start({
    config: t.config,
    rpc: () => [
      service(SubscriptionsService, {
        listOfferings: () => ({ offerings: [{ planCode: "free", name: "Free" }] }),
        getSubscription: (_req, hc) => ({ subscription: { planCode: toRef(tenantCtx(hc).tenantId) } }),
        changeSubscription() {
          throw errors.conflict("already_free", "The plan is free already.", { state: "free" });
        },
      }),
      service(CreditsService, {
        getBalance() {
          throw new TypeError("secret insides");
        },
        reserveCredits: () => ({}),
        settleCredits: () => ({}),
        releaseCredits: () => ({}),
        grantCredits: () => ({}),
        listCreditEntries: () => ({}),
      }),
    ],
  });
});
afterAll(() => t?.close());

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

describe("a served contract", () => {
  it("answers anyone where the contract says so", async () => {
    const client = await t.client(SubscriptionsService, { kind: "public" });
    expect((await client.listOfferings({})).offerings).toHaveLength(1);
  });

  it("asks nobody in particular to sign in, and tells a wrong caller that it may not", async () => {
    const nobody = await t.client(SubscriptionsService, { kind: "public" });
    expect((await refusal(nobody.getSubscription({}))).code).toBe(Code.Unauthenticated);
    const tenant = await t.client(SubscriptionsService, t.ctx.tenant().principal);
    expect((await refusal(tenant.changeSubscription({ planCode: "pro" }))).code).toBe(Code.PermissionDenied);
    const wrongService = await t.client(CreditsService, { kind: "service", service: "search" }, t.tenantA);
    expect((await refusal(wrongService.reserveCredits({ runRef: "x", credits: 1 }))).code).toBe(
      Code.PermissionDenied,
    );
  });

  it("narrows a tenant user to their tenant, and others to the one they name", async () => {
    const tenant = await t.client(SubscriptionsService, t.ctx.tenant(t.tenantB).principal);
    expect((await tenant.getSubscription({})).subscription?.planCode).toBe(toRef(t.tenantB));
    const stranger = await t.client(SubscriptionsService, t.ctx.tenant(t.tenantB).principal, t.tenantA);
    expect((await refusal(stranger.getSubscription({}))).code).toBe(Code.NotFound);
    const admin = await t.client(SubscriptionsService, t.ctx.superAdmin().principal, t.tenantA);
    expect((await admin.getSubscription({})).subscription?.planCode).toBe(toRef(t.tenantA));
  });

  it("names the field that breaks a rule of the contract", async () => {
    const agents = await t.client(CreditsService, { kind: "service", service: "agents" }, t.tenantA);
    const error = await refusal(agents.reserveCredits({ runRef: "run", credits: -1 }));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.rawMessage).toContain("credits");
  });

  it("passes a reason with the present state, and nothing of what broke inside", async () => {
    const admin = await t.client(SubscriptionsService, t.ctx.superAdmin().principal, t.tenantA);
    const conflict = await refusal(admin.changeSubscription({ planCode: "free" }));
    expect(conflict.code).toBe(Code.FailedPrecondition);
    expect(conflict.findDetails(ErrorInfoSchema)[0]).toMatchObject({
      reason: "ALREADY_FREE",
      metadata: { state: "free" },
    });
    const broken = await refusal((await t.client(CreditsService, t.ctx.tenant().principal)).getBalance({}));
    expect(broken.code).toBe(Code.Internal);
    expect(JSON.stringify(broken)).not.toContain("secret insides");
  });

  it("refuses a revoked session within a second", async () => {
    const { principal } = t.ctx.tenant();
    const client = await t.client(SubscriptionsService, principal);
    await client.getSubscription({});
    if (principal.kind !== "tenant") throw new Error("not a tenant user");
    await (await t.nats.kv(RIGHTS_BUCKET)).put(revokedKey(toRef(principal.sessionId)), "1");
    await expect
      .poll(
        async () =>
          (
            await refusal(
              client.getSubscription({}).then(() => {
                throw new ConnectError("still in", Code.Unknown);
              }),
            )
          ).code,
        { timeout: 1_000 },
      )
      .toBe(Code.Unauthenticated);
  });

  it("keeps a reviewer out of tenants they are not assigned to", async () => {
    const { principal } = t.ctx.reviewer([t.tenantA]);
    expect(requestCtx).toBeTypeOf("function");
    const reviewer = await t.client(CreditsService, principal, t.tenantB);
    expect((await refusal(reviewer.getBalance({}))).code).toBe(Code.NotFound);
  });
});

describe("a foreign gRPC client", () => {
  it("calls over h2c with nothing but the .proto files", async () => {
    const root = fileURLToPath(new URL("../../../proto", import.meta.url));
    const definition = loadPackageDefinition(
      loadSync("leadmetrics/billing/v1/credits.proto", { includeDirs: [root, `${root}/vendor`] }),
    );
    // The package tree is untyped by nature.
    const { SubscriptionsService: Foreign } = (
      definition.leadmetrics as unknown as {
        billing: {
          v1: {
            SubscriptionsService: new (
              address: string,
              creds: unknown,
            ) => {
              ListOfferings(
                req: object,
                done: (error: unknown, answer: { offerings: unknown[] }) => void,
              ): void;
              close(): void;
            };
          };
        };
      }
    ).billing.v1;
    const client = new Foreign(`127.0.0.1:${running.grpcPort}`, credentials.createInsecure());
    const answer = await new Promise<{ offerings: unknown[] }>((resolve, reject) =>
      client.ListOfferings({}, (error, value) => (error ? reject(error) : resolve(value))),
    );
    client.close();
    expect(answer.offerings).toHaveLength(1);
  });
});

it("a contract without an access option keeps its server from starting", () => {
  expect(ReviewsService.methods.length).toBeGreaterThan(0);
  expect(newId()).toHaveLength(36);
});
