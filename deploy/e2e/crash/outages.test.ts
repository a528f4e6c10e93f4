import { lm as runLm } from "@leadmetrics/lm/program";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { approvePlan } from "../../local/demo/main-job.ts";
import { startReplica } from "../../local/replica.ts";
import { activitiesIn, approveTwice, type Company, newCompany, quiet, until } from "../company.ts";
import { type Platform, platformForTests } from "../harness.ts";
import { Books } from "./books.ts";

const SETUP_MS = 240_000;
const TEST_MS = 600_000;
const PATIENCE_MS = 240_000;
const NATS_GONE_MS = 20_000;
const POSTGRES_GONE_MS = 5_000;
const POSTS = 2;
/** Between two kills: about as long as a process takes to be back. */
const KILL_EVERY_MS = 1_500;

let platform: Platform;
let books: Books;
let company: Company;
/** Before anything happened on the platform. */
let since: Date;

beforeAll(async () => {
  since = new Date();
  platform = await platformForTests({ portals: false, env: { OFFLINE_PACE_MS: "10" } });
  books = new Books(platform);
}, SETUP_MS);
afterAll(() => platform?.stop(), 60_000);

beforeEach(async () => {
  for (const name of platform.names) await platform.ready(name);
  company = await newCompany(platform, PATIENCE_MS);
}, SETUP_MS);

const plan = (title: string, by = company) =>
  approvePlan(
    by.client,
    {
      title,
      start: "2026-12-01",
      end: "2026-12-31",
      deliverables: [{ contentType: "blog_post", quantity: POSTS, theme: title, channelRef: by.channelRef }],
    },
    quiet,
  );

/** Work that was under way when something went comes to its end, and the books are right. */
async function recovers(what: string, planRef: string): Promise<void> {
  const started = performance.now();
  await activitiesIn(company.client, planRef, "dm_review", POSTS, PATIENCE_MS);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${POSTS} drafts ${seconds} s after ${what} was back`);
  await toTheEnd(company, planRef);
}

/** Both approvals of each draft, the posts, and books in which every event has taken effect once. */
async function toTheEnd(of: Company, planRef: string): Promise<void> {
  const drafts = await activitiesIn(of.client, planRef, "dm_review", POSTS, PATIENCE_MS);
  for (const draft of drafts) await approveTwice(of, draft);
  await activitiesIn(of.client, planRef, "published", POSTS, PATIENCE_MS);
  let problems: string[] = [];
  await until("the books", PATIENCE_MS, async () => {
    problems = await books.problems(of);
    return problems.length === 0 ? true : undefined;
  }).catch(() => undefined);
  expect(problems).toEqual([]);
}

/** A command of the operator that has to succeed. */
async function lm(...args: string[]): Promise<void> {
  let wrong = "";
  const code = await runLm([...args, "--data-dir", platform.place.stateDir.replace(/\/state$/, "")], {
    out: () => {},
    err: (words) => {
      wrong += words;
    },
    env: {},
  });
  if (code !== 0) throw new Error(`lm ${args.join(" ")} ended with ${code}: ${wrong}`);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("with work under way", () => {
  it(
    "two replicas of every process share it, each killed in its turn",
    async () => {
      const second = await startReplica(platform);
      try {
        // One company works through each gateway, and so through each set of services.
        const other = await newCompany({ ...platform, addresses: second.addresses }, PATIENCE_MS);
        const plans = [await plan("By the first", company), await plan("By the second", other)];
        const work = Promise.all(
          [company, other].map((each, index) => toTheEnd(each, plans[index]?.ref ?? "")),
        );
        let over = false;
        const done = work.finally(() => {
          over = true;
        });
        let kills = 0;
        for (const name of second.names) {
          if (over) break;
          (kills % 2 === 0 ? platform : second).kill(name);
          kills += 1;
          await Promise.race([pause(KILL_EVERY_MS), done.catch(() => undefined)]);
        }
        await done;
        console.log(`${kills} replicas were killed while two companies published ${2 * POSTS} posts`);
        expect(kills).toBeGreaterThan(0);
      } finally {
        await second.stop();
      }
    },
    TEST_MS,
  );

  it(
    "NATS goes for 20 s and comes back",
    async ({ skip }) => {
      const { nats } = platform.backends;
      if (!nats) return skip("NATS was given from outside and can't be stopped here");
      const { ref } = await plan("Without a broker");
      await nats.stop();
      await pause(NATS_GONE_MS);
      await nats.start();
      await recovers("NATS", ref);
    },
    TEST_MS,
  );

  it(
    "NATS comes back with an empty disk, and an operator brings back what it had",
    async ({ skip }) => {
      const { nats } = platform.backends;
      if (!nats) return skip("NATS was given from outside and can't be stopped here");
      const { ref } = await plan("Without a memory");
      await nats.stop();
      await nats.lose();
      await nats.start();
      await lm("streams", "apply");
      await lm("outbox", "replay", "--service", "all", "--since", since.toISOString());
      await recovers("NATS", ref);
    },
    TEST_MS,
  );

  it(
    "Postgres is restarted",
    async ({ skip }) => {
      const { postgres } = platform.backends;
      if (!postgres) return skip("Postgres was given from outside and can't be stopped here");
      const { ref } = await plan("Without a database");
      await postgres.stop();
      await pause(POSTGRES_GONE_MS);
      await postgres.start();
      await recovers("Postgres", ref);
    },
    TEST_MS,
  );
});
