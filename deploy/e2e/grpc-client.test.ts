import { join } from "node:path";
import { credentials, loadPackageDefinition, Metadata, type ServiceError } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { ROOT } from "@leadmetrics/local/place";
import { processNamed } from "@leadmetrics/local/system";
import { afterAll, beforeAll, expect, it } from "vitest";
import { approvePlan } from "../local/demo/main-job.ts";
import { activitiesIn, type Company, newCompany, quiet } from "./company.ts";
import { type Platform, platformForTests } from "./harness.ts";

const SETUP_MS = 240_000;

let platform: Platform;
let company: Company;
let planRef = "";

beforeAll(async () => {
  platform = await platformForTests({ portals: false, env: { OFFLINE_PACE_MS: "0" } });
  company = await newCompany(platform);
  const plan = {
    title: "December",
    start: "2026-12-01",
    end: "2026-12-31",
    deliverables: [{ contentType: "social_post", quantity: 2, theme: "Rye" }],
  };
  planRef = (await approvePlan(company.client, plan, quiet)).ref;
  await activitiesIn(company.client, planRef, "dm_review", 2);
}, SETUP_MS);
afterAll(async () => {
  await platform?.stop();
}, 60_000);

/** Nothing but the .proto files, as another team has them. */
const files = {
  includeDirs: [join(ROOT, "proto"), join(ROOT, "proto/vendor")],
  longs: String,
  enums: String,
  defaults: true,
};

type Method = (
  request: object,
  metadata: Metadata,
  options: { deadline: number },
  done: (error: ServiceError | null, answer: unknown) => void,
) => void;

function call<T>(
  proto: string,
  name: string,
  process: string,
  method: string,
  request: object,
  token?: string,
): Promise<T> {
  const tree: unknown = loadPackageDefinition(loadSync(proto, files));
  const Client = name.split(".").reduce((at, part) => (at as Record<string, unknown>)[part], tree) as new (
    address: string,
    creds: unknown,
  ) => Record<string, Method> & { close(): void };
  const port = platform.place.port(processNamed(process).ports.grpc ?? 0);
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const metadata = new Metadata();
  if (token) metadata.set("authorization", `Bearer ${token}`);
  return new Promise<T>((resolve, reject) => {
    client[method]?.(request, metadata, { deadline: Date.now() + 10_000 }, (error, answer) => {
      client.close();
      if (error) reject(error);
      else resolve(answer as T);
    });
  });
}

const login = (password: string) =>
  call<{ tokens: { accessToken: string }; membership: { tenantRef: string } }>(
    "leadmetrics/identity/v1/auth.proto",
    "leadmetrics.identity.v1.AuthService",
    "identity",
    "login",
    { email: company.person.email, password, app: "APP_DASHBOARD" },
  );
const list = (token?: string) =>
  call<{ activities: { title: string; status: string; planRef: string }[] }>(
    "leadmetrics/content/v1/activities.proto",
    "leadmetrics.content.v1.ActivitiesService",
    "content",
    "listActivities",
    { planRef },
    token,
  );

it("signs in and lists its activities over gRPC, from the .proto files alone", async () => {
  const { tokens, membership } = await login(company.person.password);
  expect(membership.tenantRef).toBe(company.tenant);
  const { activities } = await list(tokens.accessToken);
  expect(activities).toHaveLength(2);
  expect(activities[0]).toMatchObject({ status: "ACTIVITY_STATUS_DM_REVIEW", planRef });
});

it("is refused like everybody else: with gRPC's own codes", async () => {
  await expect(login("wrong-password-wrong")).rejects.toMatchObject({ code: 16 });
  await expect(list()).rejects.toMatchObject({ code: 16 });
  await expect(list("not.a.token")).rejects.toMatchObject({ code: 16 });
});

it("finds the contract by reflection", async () => {
  const tree: unknown = loadPackageDefinition(loadSync("grpc/reflection/v1/reflection.proto", files));
  const { ServerReflection } = (tree as { grpc: { reflection: { v1: Record<string, unknown> } } }).grpc
    .reflection.v1;
  const Client = ServerReflection as new (
    address: string,
    creds: unknown,
  ) => {
    ServerReflectionInfo(): {
      write(request: object): void;
      once(
        event: "data",
        listener: (answer: { listServicesResponse: { service: { name: string }[] } }) => void,
      ): void;
      end(): void;
    };
    close(): void;
  };
  const port = platform.place.port(processNamed("content").ports.grpc ?? 0);
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const stream = client.ServerReflectionInfo();
  const answer = new Promise<string[]>((resolve) =>
    stream.once("data", ({ listServicesResponse }) =>
      resolve(listServicesResponse.service.map(({ name }) => name)),
    ),
  );
  stream.write({ listServices: "" });
  expect(await answer).toContain("leadmetrics.content.v1.ActivitiesService");
  stream.end();
  client.close();
});
