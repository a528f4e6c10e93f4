import { type Id, newId, type TenantId } from "@leadmetrics/kit";
import { FallbacksService } from "@leadmetrics/proto/agents/v1/fallbacks";
import type { AgentsConfig } from "../src/config.ts";
import type { RunRow } from "../src/db.ts";
import { admitRun } from "../src/dispatch/admission.ts";
import { hold } from "../src/dispatch/store.ts";
import { type Material, runInput } from "../src/prompt/material.ts";
import { topicResearcher } from "../src/roles/topic-researcher.ts";
import { insertRun, refOf } from "../src/runs/store.ts";
import { AdapterHealth } from "../src/settings/health.ts";
import { claimRun, executeRun } from "../src/work/execute.ts";
import { agentsTest, startParts } from "./agents.ts";
import { startMessagesServer } from "./wire/messages-server.ts";
import { startResponsesServer } from "./wire/responses-server.ts";
import type { HttpScript, WireServer } from "./wire/wire.ts";

export const ROLE = topicResearcher.name;
export const OVERLOADED: HttpScript = { kind: "http", status: 529, type: "overloaded_error" };
export const NO_CREDIT: HttpScript = { kind: "http", status: 402, type: "billing_error" };
export const BAD_KEY: HttpScript = { kind: "http", status: 401, type: "authentication_error" };
export const KNOWN_MODEL = { kind: "text", text: "" } as const;

const input = runInput.parse({ contentType: "blog_post", title: "Rye bread", theme: "How long it keeps" });

/** Agents beside two providers at their wire, the platform's own and another; without dispatcher and workers. */
export async function startFallbacks() {
  const [first, second] = await Promise.all([startMessagesServer(), startResponsesServer()]);
  const agents = await agentsTest();
  const { t } = agents;
  const config: AgentsConfig = {
    ...agents.config,
    LLM_ADAPTER: "claude",
    ANTHROPIC_API_KEY: "platform-key",
    ANTHROPIC_BASE_URL: first.url,
    OPENAI_API_KEY: "other-key",
    OPENAI_BASE_URL: second.url,
  };
  const started = await startParts(t, config);
  let health = new AdapterHealth();
  const parts = () => ({ ...started, health });
  /** What one test heard of a model is not known in the next. */
  const forget = () => {
    health = new AdapterHealth();
    first.seen.length = 0;
    second.seen.length = 0;
  };
  const close = async () => {
    await t.close();
    await Promise.all([first.close(), second.close()]);
  };

  const tenant = () => newId() as TenantId;
  const asTenant = <T>(tenantId: TenantId, work: Parameters<typeof t.db.withTenant<T>>[1]) =>
    t.db.withTenant(t.ctx.tenant(tenantId), work);
  const fallbacks = (tenantId?: TenantId) =>
    t.client(FallbacksService, t.ctx.superAdmin().principal, tenantId);

  /** What tenancy and the knowledge would give to a run. */
  const material = (run: RunRow): Material => ({
    runRef: refOf(run.id),
    tenantRef: refOf(run.tenant_id),
    wakeReason: "new_task",
    context: {
      version: 1,
      companySummary: "A bakery.",
      brandVoice: "Plain.",
      audience: "Neighbours",
      products: ["Rye bread"],
      competitors: [],
      dos: [],
      donts: [],
      keywords: [],
      website: "",
    },
    knowledge: [
      {
        number: 1,
        fileRef: newId(),
        title: "Bread",
        locator: "p. 1",
        text: "Rye bread keeps for a week.",
        url: "",
      },
    ],
    input: run.input,
  });

  async function requested(tenantId: TenantId): Promise<Id> {
    const id = newId();
    await asTenant(tenantId, (tx) =>
      insertRun(tx, {
        id,
        tenantId,
        role: ROLE,
        workGroup: "util",
        lane: "batch",
        activityId: newId(),
        stepId: newId(),
        planId: null,
        workKey: `step:${newId()}`,
        title: input.title,
        wakeReason: "new_task",
        input,
        traceparent: undefined,
        createdBy: "service:test",
      }),
    );
    return id;
  }

  const row = async (tenantId: TenantId, id: Id): Promise<RunRow> =>
    asTenant(tenantId, (tx) =>
      tx.selectFrom("agent_run").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
    );

  /** Dispatcher and worker take the run once; billing isn't asked for a run of no credits. */
  async function once(tenantId: TenantId, id: Id, by = parts()): Promise<RunRow> {
    const [held] = await t.db.withSystem("test", (tx) => hold(tx, [id], 30_000, { [ROLE]: 0 }));
    if (!held) throw new Error("not held");
    await admitRun(by, held);
    const admitted = await row(tenantId, id);
    if (admitted.status !== "admitted") return admitted;
    const deps = { ...by, material: async (_ctx: unknown, run: RunRow) => material(run) };
    const run = await claimRun(deps, { id, tenantId, fence: admitted.fence }, newId());
    if (!run) throw new Error("not claimed");
    await executeRun(deps, run, new AbortController());
    return row(tenantId, id);
  }

  async function told(tenantId: TenantId, id: Id): Promise<string[]> {
    const events = await asTenant(tenantId, (tx) =>
      tx
        .selectFrom("run_event")
        .select("body")
        .where("run_id", "=", id)
        .where("kind", "=", "note")
        .orderBy("sequence")
        .execute(),
    );
    return events.map((event) => event.body);
  }

  const posts = (server: WireServer) => server.seen.filter((one) => one.method === "POST").length;
  const answers = (run: RunRow) =>
    second.play(KNOWN_MODEL, { kind: "text", text: topicResearcher.sketch(material(run)) });

  async function goesOnWith(tenantId: TenantId, ...adapters: string[]): Promise<void> {
    const client = await fallbacks(tenantId);
    const steps = adapters.map((adapter) => ({ adapter }));
    await client.setFallback({ role: ROLE, steps, version: 0 });
  }

  return {
    t,
    first,
    second,
    parts,
    forget,
    close,
    tenant,
    asTenant,
    fallbacks,
    requested,
    row,
    once,
    told,
    posts,
    answers,
    goesOnWith,
  };
}
