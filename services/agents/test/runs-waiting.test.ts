import { Code } from "@connectrpc/connect";
import {
  emit,
  fromConnectError,
  fromRef,
  type Id,
  newId,
  type Principal,
  type TenantId,
  toRef,
} from "@leadmetrics/kit";
import { catalogueTest } from "@leadmetrics/kit/testing";
import { ConfigsService, RolesService } from "@leadmetrics/proto/agents/v1/roles";
import { RunStatus, RunsService } from "@leadmetrics/proto/agents/v1/runs";
import { CreditsGrantedSchema } from "@leadmetrics/proto/billing/events/v1/events";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { defer, hold } from "../src/dispatch/store.ts";
import { setupFor } from "../src/settings/store.ts";
import { CREDITS, HOLD_MS, startRuns } from "./runs.ts";

const runs = await startRuns();
const { t, wire, config, tenant, row, arrives, requested, asTenant, working, refusal } = runs;
afterAll(() => runs.close());

describe("a run that waits", () => {
  it("for credits goes on when credits come, of its own tenant only", async () => {
    const [mine, theirs] = [tenant(), tenant()];
    const runs = [await requested(mine), await requested(theirs)];
    for (const run of runs) {
      await t.db.withSystem("test", (tx) => hold(tx, [run.id], HOLD_MS, CREDITS));
      await asTenant(run.tenant_id as TenantId, (tx) =>
        defer(tx, run, "awaiting_credits", "There are not enough credits."),
      );
    }
    const ctx = t.ctx.tenant(mine);
    await t.db.withTenant(ctx, (tx) =>
      emit(
        tx,
        ctx,
        CreditsGrantedSchema,
        { credits: 10n, available: 10n },
        { aggregate: mine, subject: `evt.billing.credits.granted.v1.${toRef(mine)}` },
      ),
    );
    await arrives(mine, runs[0]?.id as Id, "requested");
    expect((await row(theirs, runs[1]?.id as Id))?.status).toBe("awaiting_credits");
  });

  it("for a configuration goes on when a super admin sets one, whose key nobody reads again", async () => {
    const tenantId = tenant();
    const run = await requested(tenantId);
    await asTenant(tenantId, (tx) => defer(tx, run, "awaiting_config", "No API key for Claude."));
    const admin = await t.client(ConfigsService, t.ctx.superAdmin().principal, tenantId);
    const apiKey = "sk-ant-very-secret";
    const set = await admin.setConfig({
      config: { role: "blog-writer", adapter: "claude", baseUrl: wire.url, apiKey },
    });
    expect(set.config).toMatchObject({ adapter: "claude", hasApiKey: true, apiKey: "" });
    await arrives(tenantId, run.id as Id, "requested");
    const stored = await asTenant(tenantId, (tx) => tx.selectFrom("agent_config").selectAll().execute());
    expect(JSON.stringify(stored)).not.toContain(apiKey);
    wire.play({ kind: "text", text: "" });
    const { checks } = await admin.testAdapter({ role: "blog-writer" });
    expect(checks.every((check) => check.passed)).toBe(true);
    expect(wire.seen.at(-1)?.headers.authorization).toBe(`Bearer ${apiKey}`);
    const audit = await t.db.withSystem("test", (tx) =>
      sql<{
        text: string;
      }>`select encode(payload, 'escape') as text from kit.outbox where tenant_id = ${tenantId}`.execute(tx),
    );
    expect(JSON.stringify(audit.rows)).toContain("agents.config.set");
    expect(JSON.stringify(audit.rows)).not.toContain(apiKey);
  });

  it("says what is wrong with a key that the provider refuses", async () => {
    const tenantId = tenant();
    const admin = await t.client(ConfigsService, t.ctx.superAdmin().principal, tenantId);
    await admin.setConfig({
      config: { role: "*", adapter: "claude", baseUrl: wire.url, apiKey: "sk-wrong" },
    });
    wire.play({ kind: "http", status: 401, type: "authentication_error" });
    const { checks } = await admin.testAdapter({ role: "blog-writer" });
    expect(checks.find((check) => !check.passed)?.hint).toContain("refused the API key");
  });

  it("keeps no key for another provider or another address", async () => {
    const tenantId = tenant();
    const admin = await t.client(ConfigsService, t.ctx.superAdmin().principal, tenantId);
    const role = "blog-writer";
    await admin.setConfig({ config: { role, adapter: "claude", baseUrl: wire.url, apiKey: "sk-1" } });
    const same = await admin.setConfig({
      config: { role, adapter: "claude", baseUrl: wire.url, model: "claude-opus-5-5" },
    });
    expect(same.config?.hasApiKey).toBe(true);
    const moved = await admin.setConfig({
      config: { role, adapter: "claude", baseUrl: "https://elsewhere.example" },
    });
    expect(moved.config?.hasApiKey).toBe(false);
    const { box } = { box: (await import("@leadmetrics/kit")).secretBox(config.ENCRYPTION_KEYS) };
    const found = await setupFor({ db: t.db, box, platform: { paceMs: 0, providers: {} } }, tenantId, role);
    expect(found).toMatchObject({ ok: true, setup: { settings: { apiKey: undefined } } });
  });

  it.each([
    [{ role: "poet", adapter: "claude" }, "config.role"],
    [{ role: "*", adapter: "gpt" }, "config.adapter"],
    [{ role: "*", adapter: "openai", baseUrl: "file:///etc/passwd" }, "config.base_url"],
  ])("refuses the setting %o and names the field", async (setting, field) => {
    const admin = await t.client(ConfigsService, t.ctx.superAdmin().principal, tenant());
    const refused = await refusal(admin.setConfig({ config: setting }));
    expect(refused.code).toBe(Code.InvalidArgument);
    expect(fromConnectError(refused).fields?.map((each) => each.field)).toEqual([field]);
  });
});

describe("who sees and does what", () => {
  it("shows a run to its tenant, its reviewers and super admins, and to nobody else", async () => {
    const [mine, theirs] = [tenant(), tenant()];
    const run = await working(mine);
    const runRef = toRef(run.id as Id);
    const client = await t.client(RunsService, t.ctx.tenant(mine).principal);
    expect((await client.getRun({ runRef })).run).toMatchObject({
      ref: runRef,
      status: RunStatus.WORKING,
      credits: 5,
    });
    const stranger = await t.client(RunsService, t.ctx.tenant(theirs).principal);
    const [foreign, absent] = [
      await refusal(stranger.getRun({ runRef })),
      await refusal(stranger.getRun({ runRef: toRef(newId()) })),
    ];
    expect([foreign.code, foreign.rawMessage]).toEqual([absent.code, absent.rawMessage]);
    expect(foreign.code).toBe(Code.NotFound);
    expect((await stranger.listRuns({})).runs).toEqual([]);
    const reviewer = await t.client(RunsService, t.ctx.reviewer([mine, theirs]).principal);
    expect((await reviewer.listRuns({})).runs.map((each) => each.tenantRef)).toEqual([toRef(mine)]);
    const other = await t.client(RunsService, t.ctx.reviewer([theirs]).principal);
    expect((await other.listRuns({})).runs).toEqual([]);
    const admin = await t.client(RunsService, t.ctx.superAdmin().principal);
    expect((await admin.listRuns({ page: { pageSize: 200 } })).runs.some((each) => each.ref === runRef)).toBe(
      true,
    );
  });

  it("lets a reviewer cancel a run once, and a client not at all", async () => {
    const tenantId = tenant();
    const run = await requested(tenantId);
    const runRef = toRef(run.id as Id);
    const client = await t.client(RunsService, t.ctx.tenant(tenantId).principal);
    expect((await refusal(client.cancelRun({ runRef }))).code).toBe(Code.PermissionDenied);
    const reviewer = await t.client(RunsService, t.ctx.reviewer([tenantId]).principal, tenantId);
    expect((await reviewer.cancelRun({ runRef, reason: "Not now." })).run).toMatchObject({
      status: RunStatus.CANCELLED,
      problem: "Not now.",
    });
    const again = await refusal(reviewer.cancelRun({ runRef }));
    expect(again.code).toBe(Code.FailedPrecondition);
    expect(fromRef(runRef)).toBe(run.id);
  });

  it("lists the roles with what they cost, and to its own people which adapter stands behind them", async () => {
    const shown = async (principal: Principal) => {
      const { roles } = await (await t.client(RolesService, principal)).listRoles({});
      const writer = roles.find((role) => role.name === "blog-writer");
      return [writer?.credits, writer?.defaultAdapter];
    };
    expect(await shown(t.ctx.superAdmin().principal)).toEqual([5, "offline"]);
    expect(await shown(t.ctx.tenant(tenant()).principal)).toEqual([5, ""]);
  });

  it("keeps tenants apart in every table", () => catalogueTest(t));
});
