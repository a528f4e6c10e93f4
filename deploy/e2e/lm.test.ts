import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { create, toBinary } from "@bufbuild/protobuf";
import { connectNats, fromRef, type Nats, newId, toRef } from "@leadmetrics/kit";
import { deadLetter } from "@leadmetrics/kit/consumer/dead-letter";
import { HEADER, toNatsHeaders } from "@leadmetrics/kit/events/headers";
import { lm as run } from "@leadmetrics/lm/program";
import { TenantCreatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signIn } from "../local/demo/main-job.ts";
import { people } from "../local/people.ts";
import { SecretsFile } from "../local/secrets-file.ts";
import { processNamed, SERVICES } from "../local/system.ts";
import { type Platform, platformForTests } from "./harness.ts";

const BIN = fileURLToPath(new URL("../lm/bin/lm.mjs", import.meta.url));
const SETUP_MS = 240_000;

let platform: Platform;
let nats: Nats;
let dataDir: string;

beforeAll(async () => {
  platform = await platformForTests({ portals: false, demo: true });
  // The harness keeps data, logs and state side by side in it.
  dataDir = platform.place.stateDir.replace(/\/state$/, "");
  nats = await connectNats({ url: platform.backends.natsUrl, name: "lm-test" });
}, SETUP_MS);
afterAll(async () => {
  await nats?.close();
  await platform?.stop();
}, 60_000);

interface Said {
  readonly code: number;
  readonly text: string;
  readonly wrong: string;
}

/** Runs a command as a person would, and gives back what it said and what it ended with. */
const lm = (...args: string[]): Promise<Said> => said([...args, "--data-dir", dataDir], {});

async function said(args: readonly string[], env: Record<string, string>): Promise<Said> {
  let text = "";
  let wrong = "";
  const code = await run(args, {
    out: (words) => {
      text += words;
    },
    err: (words) => {
      wrong += words;
    },
    env,
  });
  return { code, text, wrong };
}

/** The same for a program. */
async function json<T>(...args: string[]): Promise<{ code: number; value: T }> {
  const { code, text, wrong } = await lm(...args, "--json");
  if (text === "") throw new Error(`lm ${args.join(" ")} said nothing: ${wrong}`);
  return { code, value: JSON.parse(text) as T };
}

interface Letter {
  sequence: number;
  consumer: string;
  why: string;
}
const letters = async (...filter: string[]) => (await json<Letter[]>("dlq", "list", ...filter)).value;

async function rows<T extends pg.QueryResultRow>(
  service: "billing" | "tenancy",
  role: "owner" | "platform" | "system",
  text: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: platform.databaseUrl(service, role) });
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}

describe("lm on a platform that is well", () => {
  it("finds nothing wrong and nothing that needs a person", async () => {
    const doctor = await json<{
      healthy: boolean;
      findings: { what: string; state: string; says: string }[];
    }>("doctor");
    expect(doctor.value.findings.filter(({ state }) => state === "bad")).toEqual([]);
    expect(doctor.code).toBe(0);
    await expect.poll(async () => (await lm("status")).code, { timeout: 20_000 }).toBe(0);
    const { text } = await lm("status");
    for (const name of platform.names) expect(text).toMatch(new RegExp(`${name} +ready +\\d+\\.\\d+\\.\\d+`));
    expect(text).toContain("dead letters: 0");
  });

  it("shows what one request set off in every process, by the request's id", async () => {
    const answered = await fetch(`${platform.url("gateway")}/auth/v1/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "nobody@nowhere.example", password: "not-a-password", portal: "dm" }),
    });
    const requestId = answered.headers.get("x-request-id") ?? "";
    await expect
      .poll(async () => (await lm("trace", requestId)).text, { timeout: 20_000 })
      .toMatch(
        /gateway: POST \/auth\/v1\/login.*\n.*gateway: call AuthService\/Login.*\n.*identity: AuthService\/Login/,
      );
    const unknown = await lm("trace", "0".repeat(32));
    expect(unknown.code).toBe(1);
    expect(unknown.wrong).toContain("No span of");
  });

  it("is a program of its own that ends with a sentence and a code when nothing runs there", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [BIN, "status", "--data-dir", "/nowhere/at-all"],
      {
        encoding: "utf8",
        env: { PATH: process.env.PATH },
      },
    );
    expect(status).toBe(3);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^✗ No platform runs in \/nowhere\/at-all: start it with npm start.*\n$/);
    expect(spawnSync(process.execPath, [BIN, "outbox", "replay"], { encoding: "utf8" }).status).toBe(2);
  });

  it("finds the platform by the environment's variables, as in a cluster, and names the one that is missing", async () => {
    const env: Record<string, string> = {
      NATS_URL: platform.backends.natsUrl,
      SERVICE_SECRET: new SecretsFile(join(platform.place.stateDir, "secrets.json")).secret("service.lm"),
    };
    for (const service of SERVICES) {
      const name = service.toUpperCase();
      env[`${name}_DATABASE_SYSTEM_URL`] = platform.databaseUrl(service, "system");
      env[`${name}_DATABASE_URL`] = platform.databaseUrl(service, "app");
      env[`${name}_URL`] = platform.url(service);
      env[`${name}_ADMIN_URL`] =
        `http://127.0.0.1:${platform.place.port(processNamed(service).ports.admin ?? 0)}`;
    }
    for (const command of ["doctor", "status", "audit verify"]) {
      const { code, text, wrong } = await said(command.split(" "), env);
      expect({ command, code, text, wrong }).toMatchObject({ code: 0 });
    }
    const { TENANCY_URL: _, ...incomplete } = env;
    const missing = await said(["audit", "verify", "--json"], incomplete);
    expect(missing.code).toBe(3);
    expect(JSON.parse(missing.wrong)).toEqual({
      problem: "Nobody said where tenancy is: set TENANCY_URL to its RPC address.",
    });
    const stranger = await said(["audit", "verify"], { ...env, SERVICE_SECRET: "not-the-secret-of-lm" });
    expect(stranger.code).toBe(3);
    expect(stranger.wrong).toContain("doesn't take this for lm");
  });

  it("shows streams that differ, and brings them back", async () => {
    const { config } = await nats.jsm.streams.info("DLQ");
    await nats.jsm.streams.update("DLQ", { max_bytes: 1_000_000 });
    const shown = await lm("streams", "apply", "--dry-run");
    expect(shown.code).toBe(1);
    expect(shown.text).toContain(`max_bytes: 1000000 → ${config.max_bytes}`);
    expect((await lm("doctor")).text).toContain("lm streams apply");
    expect((await lm("streams", "apply")).code).toBe(0);
    expect((await lm("streams", "apply", "--dry-run")).code).toBe(0);
    expect((await nats.jsm.streams.info("DLQ")).config.max_bytes).toBe(config.max_bytes);
  });

  it("tails events, decoded, of one subject and tenant", async () => {
    const { text } = await lm("events", "tail", "--no-follow", "--json", "--subject", "evt.tenancy.>");
    const events = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; tenant: string; data: { name?: string } });
    const created = events.find(({ type }) => type === TenantCreatedSchema.typeName);
    expect(created?.data.name).toBe("Crumb & Co Bakery");
    const own = await lm("events", "tail", "--no-follow", "--tenant", created?.tenant ?? "");
    expect(own.text).toContain("PlanCreated");
    expect(own.text).not.toContain("UserRegistered");
  });

  it("rotates the signing key without signing anybody out, and makes the search index anew", async () => {
    const admin = await signIn(platform.addresses.gateway, people.superAdmin, "manage");
    const { value } = await json<{ kid: string; stillVerifying: number }>("keys", "rotate");
    expect(value.stillVerifying).toBeGreaterThanOrEqual(1);
    expect((await admin.get("/auth/v1/me")).status).toBe(200);
    expect((await json<{ documents: number }>("search", "reindex")).value.documents).toBeGreaterThan(0);
  });
});

describe("dead letters", () => {
  it("what can't be read is listed by consumer, shown with the reason, and comes back when it is sent again", async () => {
    const message = toNatsHeaders({ [HEADER.id]: newId(), [HEADER.type]: TenantCreatedSchema.typeName });
    await nats.js.publish("evt.tenancy.tenant.created.v1.platform", Uint8Array.of(255, 255), {
      headers: message,
    });
    await expect.poll(() => letters("--consumer", "billing-tenants"), { timeout: 20_000 }).toHaveLength(1);
    const [letter] = await letters("--consumer", "billing-tenants");
    const others = (await letters()).filter(({ consumer }) => consumer !== "billing-tenants");
    expect(others.length).toBeGreaterThan(0);
    const shown = await lm("dlq", "show", String(letter?.sequence));
    expect(shown.text).toContain(`its 2 bytes are no ${TenantCreatedSchema.typeName}`);
    const status = await lm("status");
    expect(status.code).toBe(1);
    expect(status.text).toContain("lm dlq list --consumer billing-tenants");

    expect((await lm("dlq", "replay", String(letter?.sequence))).code).toBe(0);
    await expect
      .poll(async () => (await letters("--consumer", "billing-tenants"))[0]?.sequence ?? 0, {
        timeout: 20_000,
      })
      .toBeGreaterThan(letter?.sequence ?? 0);
    // Nobody else was bothered.
    expect((await letters()).filter(({ consumer }) => consumer !== "billing-tenants")).toEqual(others);
    expect((await lm("dlq", "replay", String(letter?.sequence))).wrong).toContain("There is no dead letter");
    await nats.jsm.streams.purge("DLQ");
  }, 60_000);

  it("what can be done now takes effect at its consumer alone, and the replay is audited", async () => {
    const tenantRef = toRef(newId());
    const created = create(TenantCreatedSchema, { tenantRef, name: "Late Bakery", timeZone: "UTC" });
    await deadLetter(nats, {
      message: {
        subject: `evt.tenancy.tenant.created.v1.${tenantRef}`,
        headers: toNatsHeaders({
          [HEADER.id]: newId(),
          [HEADER.type]: TenantCreatedSchema.typeName,
          [HEADER.tenant]: tenantRef,
          [HEADER.aggregate]: `tenant:${tenantRef}`,
          [HEADER.requestId]: "late",
        }),
        data: toBinary(TenantCreatedSchema, created),
        info: { stream: "EVT_TENANCY", streamSequence: 1, deliveryCount: 20 },
      },
      durable: "billing-tenants",
      tenantRef,
      why: "the database was full",
    });
    expect((await lm("dlq", "replay", "--all")).code).toBe(0);
    const account = () =>
      rows("billing", "platform", "select 1 from credit_account where tenant_id = $1", [fromRef(tenantRef)]);
    await expect.poll(account, { timeout: 20_000 }).toHaveLength(1);
    expect(await letters()).toEqual([]);
    // The audit trail, which hears everything, was not meant.
    const heard = "select 1 from audit_entry where action = 'tenancy.tenant.created' and entity_ref = $1";
    expect(await rows("tenancy", "system", heard, [tenantRef])).toEqual([]);
    const audited = () =>
      rows<{ actor_id: string }>(
        "tenancy",
        "system",
        "select actor_id from audit_entry where action = 'tenancy.dead_letter.replayed' and summary like '%billing-tenants again'",
      );
    await expect.poll(async () => (await audited()).length, { timeout: 20_000 }).toBe(2);
    expect((await audited()).every(({ actor_id }) => actor_id.startsWith("lm:"))).toBe(true);
  }, 60_000);
});

describe("what was lost and what was forged", () => {
  it("events of a lost stream come back from the outbox, and nothing happens twice", async () => {
    const entries = async () =>
      (await rows("tenancy", "system", "select 1 from audit_entry where action like 'content.%'")).length;
    const held = (await nats.jsm.streams.info("EVT_CONTENT")).state.messages;
    const before = await entries();
    await nats.jsm.streams.delete("EVT_CONTENT");
    expect((await lm("streams", "apply")).text).toContain("+ EVT_CONTENT");
    const dry = await json<{ services: { events: number }[] }>(
      "outbox",
      "replay",
      "--service",
      "content",
      "--since",
      "1h",
      "--dry-run",
    );
    expect(dry.value.services).toMatchObject([{ service: "content", events: held }]);
    expect((await lm("outbox", "replay", "--service", "content", "--since", "1h")).code).toBe(0);
    await expect
      .poll(async () => (await nats.jsm.streams.info("EVT_CONTENT")).state.messages, { timeout: 20_000 })
      .toBe(held);
    await expect
      .poll(
        async () => {
          const { value } = await json<{ consumers: { stream: string; waiting: number; inHand: number }[] }>(
            "status",
          );
          const of = value.consumers.filter(({ stream }) => stream === "EVT_CONTENT");
          return of.length > 1 && of.every(({ waiting, inHand }) => waiting + inHand === 0);
        },
        { timeout: 40_000 },
      )
      .toBe(true);
    expect(await entries()).toBe(before);
  }, 120_000);

  it("a forged audit entry is named by chain and sequence", async () => {
    expect((await lm("audit", "verify")).code).toBe(0);
    await rows("tenancy", "owner", "alter table audit_entry no force row level security");
    const [forged] = await rows<{ chain: string; sequence: number }>(
      "tenancy",
      "owner",
      "update audit_entry set actor_id = 'somebody else' where action = 'content.plan.created' returning chain, sequence",
    );
    await rows("tenancy", "owner", "alter table audit_entry force row level security");
    const { code, value } = await json<{ chains: { chain: string; intact: boolean; brokenAt: number }[] }>(
      "audit",
      "verify",
    );
    expect(code).toBe(1);
    expect(value.chains.filter(({ intact }) => !intact)).toMatchObject([
      { chain: toRef(forged?.chain as Parameters<typeof toRef>[0]), brokenAt: Number(forged?.sequence) },
    ]);
  });

  it("without its broker the rest is shown all the same", async () => {
    await nats.close();
    await platform.nats?.stop();
    const status = await lm("status");
    expect(status.code).toBe(1);
    expect(status.text).toMatch(/The broker at nats:\/\/127\.0\.0\.1:\d+ doesn't take the connection/);
    expect(status.text).toContain("tenancy");
    expect((await lm("dlq", "list")).code).toBe(3);
    await platform.nats?.start();
    await expect.poll(async () => (await lm("dlq", "list")).code, { timeout: 20_000 }).toBe(0);
  }, 60_000);
});
