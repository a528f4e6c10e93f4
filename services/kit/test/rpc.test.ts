import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { credentials, loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { CreditsService, SubscriptionsService } from "@leadmetrics/proto/billing/v1/credits";
import { ErrorInfoSchema } from "@leadmetrics/proto/gen/google/rpc/error_details_pb";
import { Health } from "@leadmetrics/proto/gen/grpc/health/v1/health_pb";
import { InMemorySpanExporter } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyStreams } from "../src/apply-streams.ts";
import { tenantCtx } from "../src/context.ts";
import { errors } from "../src/errors.ts";
import { toRef } from "../src/ids.ts";
import { asService, rpcClients } from "../src/rpc/clients.ts";
import { RIGHTS_BUCKET, Rights, revokedKey } from "../src/rpc/rights.ts";
import { service, startRpcServer } from "../src/rpc/server.ts";
import { TokenVerifier } from "../src/rpc/verifier.ts";
import type { RunningService } from "../src/service.ts";
import { stopTracing } from "../src/telemetry/lifecycle.ts";
import { spanLine, startTracing } from "../src/telemetry/tracing.ts";
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
        // Never answers, and doesn't listen to the signal either.
        listCreditEntries: () => new Promise(() => {}),
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

  it("R-05: refuses a revoked session within a second", async () => {
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

  it("hears of the next revocation too when the broker has lost its disk", async () => {
    const rights = new Rights();
    await rights.watch(await t.nats.kv(RIGHTS_BUCKET), t.log);
    const session = toRef(t.tenantA);
    await (await t.nats.kv(RIGHTS_BUCKET)).put(revokedKey("before"), "1");
    await expect.poll(() => rights.isRevoked("before")).toBe(true);
    await t.nats.jsm.streams.delete(`KV_${RIGHTS_BUCKET}`);
    await applyStreams(t.nats);
    await (await t.nats.kv(RIGHTS_BUCKET)).put(revokedKey(session), "1");
    await expect.poll(() => rights.isRevoked(session), { timeout: 15_000 }).toBe(true);
    // What was known is not forgotten with the disk.
    expect(rights.isRevoked("before")).toBe(true);
    rights.stop();
  }, 30_000);

  it("keeps a reviewer out of tenants they are not assigned to", async () => {
    const { principal } = t.ctx.reviewer([t.tenantA]);
    const reviewer = await t.client(CreditsService, principal, t.tenantB);
    expect((await refusal(reviewer.getBalance({}))).code).toBe(Code.NotFound);
  });
});

describe("a deadline", () => {
  const call = async (timeoutMs: number) => {
    const token = await t.token(t.ctx.tenant().principal);
    const response = await fetch(
      `http://127.0.0.1:${running.rpcPort}/leadmetrics.billing.v1.CreditsService/ListCreditEntries`,
      {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "connect-timeout-ms": String(timeoutMs),
        },
        body: "{}",
      },
    );
    return (await response.json()) as { code: string };
  };

  it("ends a call whose handler doesn't answer", async () => {
    expect((await call(150)).code).toBe("deadline_exceeded");
  });

  it("can't be longer than a minute", async () => {
    expect((await call(61_000)).code).toBe("invalid_argument");
  });
});

describe("a call between services", () => {
  const clientsOf = (url: string) =>
    rpcClients({
      name: "content",
      urls: { ...t.config, BILLING_URL: url },
      secret: "",
      serviceToken: () => t.token({ kind: "service", service: "content" }),
    });

  it("R-15: is one trace on both sides", async () => {
    const spans = new InMemorySpanExporter();
    startTracing("billing", [spans], { immediate: true });
    const client = clientsOf(`http://127.0.0.1:${running.rpcPort}`).client(SubscriptionsService, "billing");
    await client.listOfferings({}, asService(t.ctx.service("content", t.tenantA)));
    const [served, called] = spans.getFinishedSpans().map(spanLine);
    await stopTracing();
    expect([served?.name, called?.name]).toEqual([
      "SubscriptionsService/ListOfferings",
      "call SubscriptionsService/ListOfferings",
    ]);
    expect(served).toMatchObject({ traceId: called?.traceId, parentId: called?.spanId });
  });

  it("that broke off is tried again only where it may be done twice", async () => {
    let connections = 0;
    const broken = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => broken.listen(0, "127.0.0.1", resolve));
    const rpc = clientsOf(`http://127.0.0.1:${(broken.address() as AddressInfo).port}`);
    const ctx = asService(t.ctx.service("content", t.tenantA));
    const reading = await refusal(rpc.client(SubscriptionsService, "billing").listOfferings({}, ctx));
    expect([reading.code, connections]).toEqual([Code.Unavailable, 3]);
    const writing = await refusal(
      rpc.client(SubscriptionsService, "billing").changeSubscription({ planCode: "pro" }, ctx),
    );
    expect([writing.code, connections]).toEqual([Code.Unavailable, 4]);
    broken.close();
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

  it.each(["v1", "v1alpha"] as const)("finds its way by reflection (%s)", async (version) => {
    const tree = loadPackageDefinition(
      loadSync(`grpc/reflection/${version}/reflection.proto`, {
        includeDirs: [fileURLToPath(new URL("../../../proto/vendor", import.meta.url))],
        oneofs: true,
      }),
    );
    // The package tree is untyped by nature.
    const Reflection = (
      tree.grpc as unknown as { reflection: Record<string, { ServerReflection: ReflectionClient }> }
    ).reflection[version]?.ServerReflection;
    if (!Reflection) throw new Error("no reflection service in the file");
    const client = new Reflection(`127.0.0.1:${running.grpcPort}`, credentials.createInsecure());
    const stream = client.ServerReflectionInfo();
    const next = () => new Promise<ReflectionAnswer>((resolve) => stream.once("data", resolve));
    stream.write({ listServices: "" });
    expect((await next()).listServicesResponse?.service.map(({ name }) => name)).toEqual([
      "leadmetrics.billing.v1.SubscriptionsService",
      "leadmetrics.billing.v1.CreditsService",
    ]);
    stream.write({ fileContainingSymbol: "leadmetrics.billing.v1.CreditsService" });
    const files = (await next()).fileDescriptorResponse?.fileDescriptorProto ?? [];
    expect(files.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name)).toEqual(
      expect.arrayContaining(["leadmetrics/billing/v1/credits.proto", "buf/validate/validate.proto"]),
    );
    stream.write({ fileContainingSymbol: "nothing.Here" });
    expect((await next()).errorResponse?.errorCode).toBe(5);
    stream.end();
    client.close();
  });
});

interface ReflectionAnswer {
  listServicesResponse?: { service: { name: string }[] };
  fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
  errorResponse?: { errorCode: number };
}
type ReflectionClient = new (
  address: string,
  creds: unknown,
) => {
  ServerReflectionInfo(): {
    write(request: object): void;
    once(event: "data", listener: (answer: ReflectionAnswer) => void): void;
    end(): void;
  };
  close(): void;
};

it("R-01: a contract without an access option keeps its server from starting", async () => {
  const unguarded = startRpcServer({
    services: [service(Health, { check: () => ({}), list: () => ({}), watch: async function* () {} })],
    verifier: new TokenVerifier(t.keys, new Rights()),
    log: t.log,
    host: "127.0.0.1",
    rpcPort: 0,
    grpcPort: 0,
    isReady: () => true,
  });
  await expect(unguarded).rejects.toThrow("grpc.health.v1.Health.Check has no");
});
