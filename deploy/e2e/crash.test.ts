import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { approvePlan } from "../local/demo/main-job.ts";
import {
  type Activity,
  activitiesIn,
  approveTwice,
  type Company,
  creditsOf,
  type Listed,
  newCompany,
  quiet,
  runsOf,
  until,
} from "./company.ts";
import { type Platform, platformForTests } from "./harness.ts";

const SETUP_MS = 240_000;
const TEST_MS = 180_000;
const NATS_GONE_MS = 20_000;

let platform: Platform;
let company: Company;

/** Everybody works again, whatever the test before did. */
beforeEach(async () => {
  for (const name of platform.names) await platform.ready(name);
});

beforeAll(async () => {
  platform = await platformForTests({ portals: false, env: { OFFLINE_PACE_MS: "10" } });
  company = await newCompany(platform);
}, SETUP_MS);
afterAll(async () => {
  await platform?.stop();
}, 60_000);

function plan(title: string, quantity: number) {
  return approvePlan(
    company.client,
    {
      title,
      start: "2026-12-01",
      end: "2026-12-31",
      deliverables: [{ contentType: "blog_post", quantity, theme: title, channelRef: company.channelRef }],
    },
    quiet,
  );
}

/** How many posts of the sandbox site have exactly this title. */
async function postsTitled(title: string): Promise<number> {
  const response = await fetch(
    `${platform.addresses.sandboxSite}/wp-json/wp/v2/posts?per_page=100&search=${encodeURIComponent(title)}`,
  );
  const posts = (await response.json()) as { title: { rendered: string } }[];
  return posts.length;
}

async function period(planRef: string): Promise<number | undefined> {
  const { body } = await company.client.get<Listed<{ completedCount: number }>>(
    `/tenant/v1/periods?planRef=${planRef}`,
  );
  return body.items[0]?.completedCount;
}

async function settled(): Promise<void> {
  await until("all credits settled", 60_000, async () =>
    (await creditsOf(company.client)).reserved === 0 ? true : undefined,
  );
  const done = (await runsOf(company.client)).filter((run) => run.status === "succeeded");
  expect((await creditsOf(company.client)).spent).toBe(done.length);
}

describe("when a process is killed", () => {
  it(
    "an agents worker in the middle of a stream: another one writes the draft, once",
    async () => {
      const before = (await runsOf(company.client)).length;
      await platform.restart("agents-worker", { FAILPOINT: "agents.run.streaming" });
      const restarts = platform.restarts("agents-worker");
      const approved = await plan("Midstream", 1);
      const started = Date.now();
      const [draft] = await activitiesIn(company.client, approved.ref, "dm_review", 1, 120_000);
      console.log(
        `draft ${((Date.now() - started) / 1_000).toFixed(1)} s after the approval, one worker lost on the way`,
      );
      expect(platform.restarts("agents-worker")).toBeGreaterThan(restarts);
      const { body } = await company.reviewer.get<{ revisions: unknown[] }>(
        `/dm/v1/tenants/${company.tenant}/activities/${draft?.ref}`,
      );
      expect(body.revisions).toHaveLength(1);
      const runs = (await runsOf(company.client)).slice(0, -before || undefined);
      expect(runs.map((run) => run.role).sort()).toEqual([
        "activity-planner",
        "blog-writer",
        "content-brief-writer",
        "topic-researcher",
      ]);
      expect(runs.some((run) => run.attempt > 1)).toBe(true);
      await settled();
    },
    TEST_MS,
  );

  it(
    "content between sending a post and storing it: the post is looked up, not sent again",
    async () => {
      const approved = await plan("Sent once", 1);
      const [draft] = (await activitiesIn(company.client, approved.ref, "dm_review", 1)) as [Activity];
      await platform.restart("content", { FAILPOINT: "content.publish.sent" });
      const restarts = platform.restarts("content");
      await approveTwice(company, draft);
      const started = Date.now();
      const [published] = (await activitiesIn(company.client, approved.ref, "published", 1, 120_000)) as [
        Activity,
      ];
      console.log(
        `published ${((Date.now() - started) / 1_000).toFixed(1)} s after the approval, content lost on the way`,
      );
      expect(platform.restarts("content")).toBeGreaterThan(restarts);
      expect(await postsTitled(published.title)).toBe(1);
      expect(await period(approved.ref)).toBe(1);
    },
    TEST_MS,
  );

  it(
    "NATS for 20 s with work under way: nothing is lost, nothing is doubled",
    async () => {
      const nats = platform.nats;
      if (!nats) throw new Error("NATS was given from outside and can't be stopped here");
      const quantity = 5;
      const approved = await plan("Without a broker", quantity);
      await nats.stop();
      await new Promise((resolve) => setTimeout(resolve, NATS_GONE_MS));
      await nats.start();
      const started = Date.now();
      const drafts = await activitiesIn(company.client, approved.ref, "dm_review", quantity, 150_000);
      console.log(`${quantity} drafts ${((Date.now() - started) / 1_000).toFixed(1)} s after NATS came back`);
      for (const draft of drafts) {
        const { body } = await company.reviewer.get<{ revisions: unknown[] }>(
          `/dm/v1/tenants/${company.tenant}/activities/${draft.ref}`,
        );
        expect(body.revisions).toHaveLength(1);
      }
      await settled();
    },
    TEST_MS,
  );
});
