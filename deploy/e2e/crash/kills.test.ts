import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { approvePlan, describeCompany, signIn, uploadKnowledge } from "../../local/demo/main-job.ts";
import {
  activitiesIn,
  approveTwice,
  type Company,
  newCompany,
  quiet,
  unlessAway,
  until,
} from "../company.ts";
import type { Platform } from "../harness.ts";
import { postsTitled, startTwoSites, type TwoSites } from "../two-sites.ts";
import { Books } from "./books.ts";
import { JOURNEYS } from "./journeys.ts";

const SETUP_MS = 240_000;
const JOURNEY_MS = 600_000;
/** Until everything a journey set off has come to rest. */
const PATIENCE_MS = 240_000;
/** Side by side, so that a kill in one's work doesn't wait for the next one's. */
const COMPANIES = 3;
const CONTEXT = {
  ...{ brandVoice: "Plain.", audience: "Home bakers", website: "https://bakery.example" },
  ...{ products: ["Rye loaf"], competitors: [], dos: [], donts: [], keywords: ["rye"] },
};

let sites: TwoSites;
let platform: Platform;
let books: Books;

beforeAll(async () => {
  sites = await startTwoSites({ portals: false, env: { OFFLINE_PACE_MS: "5" } });
  platform = sites.platform;
  books = new Books(platform);
}, SETUP_MS);
afterAll(() => sites?.stop(), 60_000);

/** Everybody works again, whatever the test before did. */
beforeEach(async () => {
  await Promise.all(platform.names.map((name) => platform.ready(name)));
}, 120_000);

/** How many posts each of the two sites has with these titles. */
async function postsOf(titles: readonly string[]): Promise<number[]> {
  const posts = [platform.addresses.sandboxSite, sites.shop.url].map(async (site) => {
    const counts = await Promise.all(titles.map((title) => postsTitled(site, title)));
    return counts.reduce((sum, count) => sum + count, 0);
  });
  return Promise.all(posts);
}

/** From the plan to the published posts, one on each of two sites, by people who try again when they are told to. */
async function mainJob(company: Company, theme: string): Promise<string[]> {
  const shop = await until("the second site", PATIENCE_MS, () => unlessAway(sites.connectShop(company)));
  const plan = await approvePlan(
    company.client,
    {
      title: theme,
      start: "2026-12-01",
      end: "2026-12-31",
      deliverables: [
        { contentType: "blog_post", quantity: 1, theme, channelRefs: [company.channelRef, shop] },
      ],
    },
    quiet,
  );
  const drafts = await activitiesIn(company.client, plan.ref, "dm_review", 1, PATIENCE_MS);
  for (const draft of drafts) await approveTwice(company, draft);
  const posts = await activitiesIn(company.client, plan.ref, "published", 1, PATIENCE_MS);
  return posts.map((post) => post.title);
}

/** Small things people do all day: each makes events, calls and mails in several services. */
async function everydayWork(company: Company): Promise<void> {
  await until("a sign-in", PATIENCE_MS, () =>
    unlessAway(signIn(company.at.gateway, company.person, "dashboard")),
  );
  await describeCompany(company.client, { ...CONTEXT, companySummary: `A bakery, ${Date.now()}.` }, quiet);
  const note = `# Rye\n\nWritten at ${Date.now()}: the dough rests for sixteen hours.\n`;
  await uploadKnowledge(
    company.client,
    [{ name: `${Date.now()}.md`, type: "text/markdown", content: note }],
    quiet,
  );
}

/** `CRASH_JOURNEYS=all` asks for the thorough ones, too: some minutes more. */
const THOROUGH = process.env.CRASH_JOURNEYS === "all";
const journeys = JOURNEYS.filter((journey) => THOROUGH || !journey.thorough);
if (!THOROUGH) console.log("skipped: the thorough crash journeys, because CRASH_JOURNEYS=all was not set");

describe("the books are right though processes are killed", () => {
  if (!THOROUGH) it.skip("in every service at each place (CRASH_JOURNEYS=all)", () => {});

  it.each(journeys)(
    "$title",
    async ({ title, kills }) => {
      const before = new Map(Object.keys(kills).map((name) => [name, platform.restarts(name)]));
      await Promise.all(
        Object.entries(kills).map(([name, places]) =>
          platform.restart(name, ...places.map((place) => ({ FAILPOINT: place }))),
        ),
      );
      const killed = () =>
        Object.entries(kills).map(([name, places]) => ({
          name,
          places,
          times: platform.restarts(name) - (before.get(name) ?? 0),
        }));
      const started = performance.now();
      const work = await Promise.all(
        Array.from({ length: COMPANIES }, async (_, index) => {
          const company = await newCompany(platform, PATIENCE_MS);
          return { company, titles: await mainJob(company, `${title.slice(0, 30)} ${index + 1}`) };
        }),
      );
      // What comes after the last post (feed, mail, index, audit) has its own places to die at.
      const end = Date.now() + PATIENCE_MS;
      while (killed().some(({ places, times }) => times < places.length) && Date.now() < end)
        await Promise.all(work.map(({ company }) => everydayWork(company)));
      expect(killed().filter(({ places, times }) => times < places.length)).toEqual([]);
      let problems: string[] = [];
      await until("the books", PATIENCE_MS, async () => {
        problems = (await Promise.all(work.map(({ company }) => books.problems(company)))).flat();
        return problems.length === 0 ? true : undefined;
      }).catch(() => undefined);
      expect(problems).toEqual([]);
      expect(await postsOf(work.flatMap(({ titles }) => titles))).toEqual([COMPANIES, COMPANIES]);
      const sum = killed().reduce((total, { times }) => total + times, 0);
      console.log(
        `${title}: ${sum} kills, all books right after ${((performance.now() - started) / 1_000).toFixed(1)} s`,
      );
    },
    JOURNEY_MS,
  );
});
