import { toJsonString } from "@bufbuild/protobuf";
import { type Id, type Principal, type TenantId, toRef } from "@leadmetrics/kit";
import { RunEventSchema, RunSchema, RunsService } from "@leadmetrics/proto/agents/v1/runs";
import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { KNOWN_MODEL, NO_CREDIT, startFallbacks } from "./fallbacks.ts";

const { t, first, forget, close, tenant, asTenant, requested, row, once, answers, goesOnWith } =
  await startFallbacks();
beforeEach(forget);
afterAll(close);

describe("what a run says of providers, models and money", () => {
  /** Its letters are anybody's guess, three of a model's name among them. */
  const REF = /\b[0-9A-HJKMNP-TV-Z]{26}\b/g;
  const NAMED = /claude|anthropic|openai|gpt|sonnet|offline|[$]/i;
  const runsAs = async (principal: Principal, tenantId: TenantId) =>
    t.client(RunsService, principal, principal.kind === "platform" ? tenantId : undefined);

  async function readBy(principal: Principal, tenantId: TenantId, id: Id) {
    const client = await runsAs(principal, tenantId);
    const { run } = await client.getRun({ runRef: toRef(id) });
    const { runs } = await client.listRuns({});
    const { events } = await client.listRunEvents({ runRef: toRef(id) });
    const all = [
      ...[run, ...runs].flatMap((one) => (one ? [toJsonString(RunSchema, one)] : [])),
      ...events.map((event) => toJsonString(RunEventSchema, event)),
    ];
    return { run, events, text: all.join("\n").replaceAll(REF, "") };
  }

  it("is read by the platform's people and by no client", async () => {
    const tenantId = tenant();
    await goesOnWith(tenantId, "openai");
    const id = await requested(tenantId);
    first.play(KNOWN_MODEL, NO_CREDIT);
    await once(tenantId, id);
    answers(await row(tenantId, id));
    await once(tenantId, id);

    const staff = await readBy(t.ctx.reviewer([tenantId]).principal, tenantId, id);
    expect(staff.run).toMatchObject({ adapter: "openai", model: "gpt-6.1-sol", setupRank: 1 });
    expect(staff.run?.usage?.costMicroUsd).toBeGreaterThan(0n);
    expect(staff.text).toMatch(/Going on with OpenAI/);

    const client = await readBy(t.ctx.tenant(tenantId).principal, tenantId, id);
    expect(client.text).not.toMatch(NAMED);
    expect(client.text).not.toContain("costMicroUsd");
    expect(client.run?.status).toBe(staff.run?.status);
    expect(client.events.map(({ event }) => event.value)).toEqual(
      expect.arrayContaining(["The agent was held up. It goes on.", "The agent goes on."]),
    );
  });

  it("is kept from clients when the run waits for what a person has to mend", async () => {
    const tenantId = tenant();
    const id = await requested(tenantId);
    first.play(KNOWN_MODEL, NO_CREDIT);
    await once(tenantId, id);
    const staff = await readBy(t.ctx.superAdmin().principal, tenantId, id);
    expect(staff.run?.problemDetail).toMatch(/Claude|Anthropic/);
    const client = await readBy(t.ctx.tenant(tenantId).principal, tenantId, id);
    expect(client.text).not.toMatch(NAMED);
    expect(client.run?.problem).toBe(staff.run?.problem);
    expect(client.run?.problem).toMatch(/can't work at the moment/);
  });

  it("that was noted before there were words for everybody is for the platform's people", async () => {
    const tenantId = tenant();
    const id = await requested(tenantId);
    await asTenant(tenantId, (tx) =>
      sql`insert into run_event (tenant_id, run_id, sequence, attempt, kind, body)
        values (${tenantId}, ${id}, 1, 1, 'note', 'Claude answers.')`.execute(tx),
    );
    const client = await readBy(t.ctx.tenant(tenantId).principal, tenantId, id);
    expect(client.events).toEqual([]);
    const staff = await readBy(t.ctx.superAdmin().principal, tenantId, id);
    expect(staff.events.map(({ noteDetail }) => noteDetail)).toEqual(["Claude answers."]);
  });
});
