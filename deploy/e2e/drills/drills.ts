import { type Nats, newId } from "@leadmetrics/kit";
import { HEADER, toNatsHeaders } from "@leadmetrics/kit/events/headers";
import { CreditsGrantedSchema } from "@leadmetrics/proto/billing/events/v1/events";
import { DiscardPolicy, type StreamConfig } from "@nats-io/jetstream";
import type { WireServer } from "../../../services/agents/test/wire/wire.ts";
import { approvePlan, describeCompany } from "../../local/demo/main-job.ts";
import { type Company, type Listed, quiet, unlessAway, until } from "../company.ts";
import type { Platform } from "../harness.ts";
import type { Labels } from "./watch.ts";

/** What the drills work on. */
export interface Ground {
  readonly platform: Platform;
  readonly nats: Nats;
  readonly company: Company;
  readonly provider: WireServer;
  lm(...args: string[]): Promise<void>;
}

/** One thing that goes wrong: how it is brought about, which alarm tells, and what it takes until all is well. */
export interface Drill {
  readonly title: string;
  readonly alert: string;
  readonly labels: Labels;
  breakIt(ground: Ground): Promise<void>;
  /** What a person does; everything after that the platform does itself. */
  mend(ground: Ground): Promise<void>;
  /** Shows that the work that stood still was done. */
  proof(ground: Ground): Promise<void>;
  /** Its expression looks so far back that its end is not waited for; mended as soon as it was true, for runs pause ever longer. */
  readonly looksBack?: true;
}

const WELL_MS = 60_000;

async function setStream(nats: Nats, name: string, change: Partial<StreamConfig>): Promise<void> {
  const { config } = await nats.jsm.streams.info(name);
  await nats.jsm.streams.update(name, { ...config, ...change });
}

const CONTEXT = {
  brandVoice: "Plain.",
  audience: "Home bakers",
  products: ["Rye loaf"],
  competitors: [],
  dos: [],
  donts: [],
  keywords: ["rye"],
  website: "https://bakery.example",
};

const outboxEmpty = async ({ platform }: Ground, service: "tenancy" | "rag") => {
  const page = await (await fetch(`http://127.0.0.1:${platform.place.port(ADMIN[service])}/metrics`)).text();
  return /^lm_outbox_pending\{[^}]*\} 0$/m.test(page) ? true : undefined;
};
/** Offsets of admin ports. */
const ADMIN = { tenancy: 12, rag: 62 };

const BLOG_PLAN = (title: string, channelRef: string) => ({
  title,
  start: "2026-12-01",
  end: "2026-12-31",
  deliverables: [{ contentType: "blog_post", quantity: 1, theme: title, channelRef }],
});
export const planWork = ({ company }: Ground, title: string) =>
  approvePlan(company.client, BLOG_PLAN(title, company.channelRef), quiet);

/** A whole answer for the planner of such a plan. */
export const PLANNED = JSON.stringify({
  activities: [
    { deliverable: "D1", title: "Why rye dough rests overnight", theme: "Patience makes the crumb." },
  ],
});
const plansFailed: string[] = [];
const PLANS = 3;

/** These don't touch each other and are broken all at once. */
export const TOGETHER: readonly Drill[] = [
  {
    title: "the provider of the language model fails",
    alert: "ProviderFails",
    labels: { adapter: "openai" },
    looksBack: true,
    async breakIt(ground) {
      ground.provider.play({ kind: "http", status: 503, type: "server_error", message: "Overloaded." });
      for (let i = 0; i < PLANS; i++) plansFailed.push((await planWork(ground, `Drill ${i}`)).ref);
    },
    async mend({ provider }) {
      provider.play({ kind: "text", text: PLANNED });
    },
    async proof({ company }) {
      await until("the runs that failed to be done", WELL_MS, async () => {
        for (const ref of plansFailed) {
          const { body } = await company.client.get<Listed<unknown>>(`/tenant/v1/activities?planRef=${ref}`);
          if (body.items.length === 0) return undefined;
        }
        return true;
      });
    },
  },
  {
    title: "an outbox is stuck: the stream doesn't take the service's subjects",
    alert: "OutboxStuck",
    labels: { service: "tenancy" },
    async breakIt({ nats, company }) {
      await setStream(nats, "EVT_TENANCY", { subjects: ["evt.tenancy.misspelt.>"] });
      await describeCompany(company.client, { ...CONTEXT, companySummary: "Nobody hears of this." }, quiet);
    },
    async mend({ lm }) {
      await lm("streams", "apply");
      await lm("outbox", "replay", "--service", "tenancy", "--since", "1m");
    },
    async proof(ground) {
      await until("tenancy's outbox to go empty", WELL_MS, () => outboxEmpty(ground, "tenancy"));
    },
  },
  {
    title: "a consumer lags: its process hangs",
    alert: "ConsumerBehind",
    labels: { durable: "search-documents", stream: "EVT_CONTENT" },
    async breakIt(ground) {
      ground.platform.kill("search", "SIGSTOP");
      await ground.company.client.post("/tenant/v1/strategies", {
        title: "Sourdough for winter",
        body: "Warm bread.",
        horizonMonths: 6,
      });
    },
    async mend({ platform }) {
      platform.kill("search", "SIGCONT");
    },
    async proof({ company }) {
      await until("the strategy to be found", WELL_MS, async () => {
        // A process that hung may be started anew: until then its gateway answers that it is away.
        const found = await unlessAway(company.client.get<Listed<unknown>>("/tenant/v1/search?q=Sourdough"));
        return found && found.body.items.length > 0 ? true : undefined;
      });
    },
  },
  {
    title: "a message nobody can read comes in",
    alert: "DeadLetters",
    labels: { durable: "agents-credits", stream: "EVT_BILLING" },
    async breakIt({ nats, company }) {
      const headers = {
        [HEADER.id]: newId(),
        [HEADER.type]: CreditsGrantedSchema.typeName,
        [HEADER.tenant]: company.tenant,
        [HEADER.aggregate]: "drill",
        [HEADER.occurredAt]: new Date().toISOString(),
      };
      await nats.js.publish(
        `evt.billing.credits.granted.v1.${company.tenant}`,
        new Uint8Array([0xff, 0xff, 0xff]),
        { headers: toNatsHeaders(headers) },
      );
    },
    // Nothing can be made of it: a person decides to let it go.
    async mend({ nats }) {
      await nats.jsm.streams.purge("DLQ", { filter: "dlq.EVT_BILLING.>" });
    },
    async proof({ company, nats }) {
      await company.admin.post(`/admin/v1/tenants/${company.tenant}/credits`, { credits: 5, note: "drill" });
      await until("what comes after it to be handled", WELL_MS, async () => {
        const info = await nats.jsm.consumers.info("EVT_BILLING", "agents-credits");
        return info.num_pending + info.num_ack_pending === 0 ? true : undefined;
      });
    },
  },
  {
    title: "the broker's disk is full for a stream: it may not grow any more",
    alert: "StreamNearlyFull",
    labels: { stream: "EVT_RAG" },
    async breakIt({ nats, company }) {
      const { state } = await nats.jsm.streams.info("EVT_RAG");
      await setStream(nats, "EVT_RAG", { discard: DiscardPolicy.New, max_bytes: Math.max(1, state.bytes) });
      const form = new FormData();
      form.append("files", new Blob(["# Oats\n\nRolled, not cut.\n"], { type: "text/markdown" }), "oats.md");
      await company.client.upload("/tenant/v1/files", form);
    },
    async mend({ lm }) {
      await lm("streams", "apply");
    },
    async proof(ground) {
      await until("rag's outbox to go empty", WELL_MS, () => outboxEmpty(ground, "rag"));
    },
  },
];

const works = async ({ company }: Ground) => {
  await until("a change to be taken", WELL_MS, async () => {
    const saved = describeCompany(company.client, { ...CONTEXT, companySummary: "Here again." }, quiet);
    return saved.then(() => true as const).catch(() => undefined);
  });
};

/** Everything stands still: one at a time. */
export const ALONE: readonly Drill[] = [
  {
    title: "Postgres goes",
    alert: "DatabaseUnreachable",
    labels: { service: "content" },
    breakIt: async ({ platform }) => platform.backends.postgres?.stop(),
    mend: async ({ platform }) => platform.backends.postgres?.start(),
    proof: works,
  },
  {
    title: "NATS goes",
    alert: "BrokerUnreachable",
    labels: { service: "content" },
    breakIt: async ({ platform }) => platform.backends.nats?.stop(),
    mend: async ({ platform }) => platform.backends.nats?.start(),
    proof: works,
  },
];
