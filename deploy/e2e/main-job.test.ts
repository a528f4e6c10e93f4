import { spansOf, traceTree } from "@leadmetrics/kit/telemetry/trace-files";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvePlan, decide, signUp } from "../local/demo/main-job.ts";
import {
  type Activity,
  activitiesIn,
  activitiesOf,
  approveTwice,
  type Company,
  creditsOf,
  type Listed,
  newCompany,
  quiet,
  refusal,
  runsOf,
  until,
} from "./company.ts";
import { type Platform, platformForTests } from "./harness.ts";
import { JOB_MS, waitingJourneys } from "./main-job/waiting.ts";

const SETUP_MS = 240_000;
/** What a new tenant of the default plan has. */
const FREE_CREDITS = 200;

let platform: Platform;
let company: Company;

beforeAll(async () => {
  platform = await platformForTests({ portals: false, env: { OFFLINE_PACE_MS: "2" } });
  company = await newCompany(platform);
}, SETUP_MS);
afterAll(async () => {
  await platform?.stop();
}, 60_000);

const plan = (quantity: number, contentType = "blog_post") =>
  approvePlan(
    company.client,
    {
      title: "December",
      start: "2026-12-01",
      end: "2026-12-31",
      deliverables: [{ contentType, quantity, theme: "Rye bread", channelRef: company.channelRef }],
    },
    quiet,
  );

interface Revision {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly citations: { title: string }[];
  readonly offlineDraft: boolean;
}
interface Trailed {
  readonly action: string;
  readonly actor: { readonly kind: string };
}

describe("the main job", () => {
  let traceId = "";
  let first: Activity;
  let published: Activity;

  it(
    "makes drafts from an approved plan, with sources, and says that they were made offline",
    async () => {
      const approved = await plan(1);
      traceId = approved.traceId;
      [first] = (await activitiesIn(company.reviewer && company.client, approved.ref, "dm_review", 1)) as [
        Activity,
      ];
      const { body } = await company.reviewer.get<{ revisions: Revision[] }>(
        `/dm/v1/tenants/${company.tenant}/activities/${first.ref}`,
      );
      const [draft] = body.revisions;
      expect(draft).toMatchObject({ number: 1, offlineDraft: true });
      expect(draft?.body).toContain("sixteen hours");
      expect(draft?.citations.map((citation) => citation.title)).toContain("rye.md");
    },
    JOB_MS,
  );

  it("keeps what an agent said readable, word for word", async () => {
    const runs = await runsOf(company.client);
    expect(runs.map((run) => run.role).sort()).toEqual([
      "activity-planner",
      "blog-writer",
      "content-brief-writer",
      "topic-researcher",
    ]);
    const writer = runs.find((run) => run.role === "blog-writer");
    const path = `runs/${writer?.ref}/events`;
    const { body } = await company.reviewer.get<Listed<{ textDelta?: string; sequence: string }>>(
      `/dm/v1/tenants/${company.tenant}/${path}`,
    );
    expect(body.items.map((event) => Number(event.sequence))).toEqual(
      body.items.map((_, index) => index + 1),
    );
    expect(body.items.map((event) => event.textDelta ?? "").join("")).toContain("sixteen hours");
    // A client doesn't read a draft before a reviewer has.
    const seen = await company.client.get<Listed<{ textDelta?: string }>>(`/tenant/v1/${path}`);
    expect(seen.body.items.filter((event) => event.textDelta)).toEqual([]);
  });

  it("takes no decision on something else than what was read, and no rejection without a note", async () => {
    const path = `/dm/v1/tenants/${company.tenant}/reviews/${first.ref}`;
    const noNote = await refusal(decide(company.reviewer, `${path}/reject`, first, { note: " " }));
    expect(noNote.status).toBe(400);
    const stale = await refusal(
      decide(company.reviewer, `${path}/approve`, { ...first, contentHash: "0".repeat(64) }),
    );
    expect(stale.status).toBe(409);
    const foreign = await refusal(decide(company.client, `/tenant/v1/approvals/${first.ref}/approve`, first));
    expect(foreign).toMatchObject({ status: 409, details: { status: "dm_review" } });
  });

  it(
    "wakes the agent with the reviewer's note, which changes the draft",
    async () => {
      const path = `/dm/v1/tenants/${company.tenant}/reviews/${first.ref}`;
      await decide(company.reviewer, `${path}/reject`, first, { note: "Mention the wood oven." });
      const again = await refusal(decide(company.reviewer, `${path}/approve`, first));
      expect(again.status).toBe(409);
      const second = await until("the second draft", JOB_MS, async () => {
        const all = await activitiesOf(company.client, await planRef());
        return all.find(
          (activity) => activity.status === "dm_review" && activity.contentHash !== first.contentHash,
        );
      });
      const { body } = await company.reviewer.get<{ revisions: Revision[] }>(
        `/dm/v1/tenants/${company.tenant}/activities/${second.ref}`,
      );
      expect(body.revisions).toHaveLength(2);
      expect(body.revisions[0]?.body).toMatch(/wood oven/i);
      first = second;
    },
    JOB_MS,
  );

  it(
    "publishes once after both approvals, and counts it",
    async () => {
      await approveTwice(company, first);
      [published] = (await activitiesIn(company.client, await planRef(), "published", 1)) as [Activity];
      const page = await fetch(published.publishedUrl);
      expect(page.status).toBe(200);
      expect(await page.text()).toMatch(/wood oven/i);
      const periods = await company.client.get<Listed<{ completedCount: number; targetCount: number }>>(
        `/tenant/v1/periods?planRef=${await planRef()}`,
      );
      expect(periods.body.items).toMatchObject([{ completedCount: 1, targetCount: 1 }]);
      const twice = await refusal(decide(company.client, `/tenant/v1/approvals/${first.ref}/approve`, first));
      expect(twice).toMatchObject({ status: 409, details: { status: "published" } });
    },
    JOB_MS,
  );

  it("books one credit for each offline run and leaves none reserved", async () => {
    const runs = await runsOf(company.client);
    expect(runs.every((run) => run.status === "succeeded")).toBe(true);
    await until("all credits settled", 10_000, async () =>
      (await creditsOf(company.client)).reserved === 0 ? true : undefined,
    );
    expect(await creditsOf(company.client)).toEqual({
      available: FREE_CREDITS - runs.length,
      reserved: 0,
      spent: runs.length,
    });
  });

  it("tells the people concerned, in the app and by mail", async () => {
    await until("the reviewer's notification", 20_000, async () => {
      const { body } = await company.reviewer.get<Listed<{ title: string }>>("/dm/v1/notifications");
      return (
        body.items.some(({ title }) => title.includes(published.title) || /draft/i.test(title)) || undefined
      );
    });
    const inbox = `${platform.addresses.mail}/api/messages?to=${encodeURIComponent(company.person.email)}`;
    await until("the client's mail about the publication", 20_000, async () => {
      const { items } = (await (await fetch(inbox)).json()) as { items: { subject: string; text: string }[] };
      return items.some(({ subject, text }) => `${subject} ${text}`.includes(published.title)) || undefined;
    });
  });

  it(
    "is found by a misspelt word of its title, by its own company only",
    async () => {
      const word = published.title.split(/\W+/).sort((a, b) => b.length - a.length)[0] ?? "";
      const query = `q=${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}`;
      await until("the post in search", 20_000, async () => {
        const hits = await company.client.get<Listed<{ ref: string }>>(`/tenant/v1/search?${query}`);
        return hits.body.items.some((hit) => hit.ref === published.ref) || undefined;
      });
      const stamp = Date.now().toString(36);
      const stranger = await signUp(
        platform.addresses,
        { name: "Oda Other", email: `oda@e2e-${stamp}.example`, password: `millet-and-rice-${stamp}` },
        `Other ${stamp}`,
        quiet,
      );
      expect((await stranger.get<Listed<unknown>>(`/tenant/v1/search?${query}`)).body.items).toEqual([]);
    },
    JOB_MS,
  );

  it(
    "is one trace from the approval of the plan to the publication, through every service",
    async () => {
      // Spans are written a second after they ended, each process by itself.
      const complete = async () => {
        const found = await spansOf(platform.place.logDir, traceId);
        const known = new Set(found.map((span) => span.spanId));
        const roots = found.filter((span) => !span.parentId || !known.has(span.parentId));
        const sent = found.some((span) => span.name.startsWith("publish: send"));
        return sent && roots.length === 1 ? found : undefined;
      };
      const spans = await until("the publication's span", 20_000, complete);
      const tree = traceTree(spans);
      console.log(`\n${tree}\n`);
      expect([...new Set(spans.map((span) => span.service))].sort()).toEqual(
        expect.arrayContaining([
          "agents",
          "billing",
          "content",
          "gateway",
          "notifications",
          "rag",
          "search",
          "tenancy",
        ]),
      );
      for (const step of [
        "run activity-planner",
        "run blog-writer",
        "decide dm review",
        "decide client review",
      ]) {
        expect(tree).toContain(step);
      }
    },
    JOB_MS,
  );

  it(
    "is in the audit trail step by step, with who did it, in an unbroken chain",
    async () => {
      const wanted = [
        "content.plan.approved",
        "agents.run.succeeded",
        "content.activity.transitioned",
        "content.publication.confirmed",
      ];
      const trail = await until("the whole trail", 20_000, async () => {
        const { body } = await company.client.get<Listed<Trailed>>(
          `/tenant/v1/audit?traceId=${traceId}&pageSize=200`,
        );
        const actions = new Set(body.items.map((entry) => entry.action));
        return wanted.every((action) => actions.has(action)) ? body.items : undefined;
      });
      const kinds = new Set(trail.map((entry) => entry.actor.kind));
      // A service acts in its own name when it asks for the link that an approval's mail carries.
      kinds.delete("service");
      expect(kinds).toEqual(new Set(["user", "agent", "system"]));
      const chain = await company.admin.get<{ intact: boolean }>(
        `/admin/v1/tenants/${company.tenant}/audit/verify`,
      );
      expect(chain.body).toMatchObject({ intact: true });
    },
    JOB_MS,
  );

  async function planRef(): Promise<string> {
    const { body } = await company.client.get<Listed<{ ref: string }>>("/tenant/v1/plans");
    return body.items[0]?.ref ?? "";
  }
});

waitingJourneys(() => platform);
