import { freeBase } from "@leadmetrics/local/place";
import { BACKEND_PORTS } from "@leadmetrics/local/system";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvePlan } from "../local/demo/main-job.ts";
import {
  type Activity,
  activitiesIn,
  approveTwice,
  type Company,
  newCompany,
  quiet,
  refusal,
} from "./company.ts";
import { type Platform, platformForTests } from "./harness.ts";

/** A real WordPress, whose user may publish: `WORDPRESS_URL`, `WORDPRESS_USER`, `WORDPRESS_APPLICATION_PASSWORD`. */
const site = process.env.WORDPRESS_URL?.replace(/\/$/, "");
const username = process.env.WORDPRESS_USER ?? "";
const applicationPassword = process.env.WORDPRESS_APPLICATION_PASSWORD ?? "";
if (!site) console.log("skipped: publishing to a real WordPress, because WORDPRESS_URL names none");

const SETUP_MS = 240_000;
const TEST_MS = 240_000;

describe.skipIf(!site)("a real WordPress", () => {
  let platform: Platform;
  let company: Company;
  beforeAll(async () => {
    const base = await freeBase();
    const allowed = [new URL(site ?? "").host, `127.0.0.1:${base + BACKEND_PORTS.sandboxSite}`].join(",");
    platform = await platformForTests({
      base,
      portals: false,
      env: { OFFLINE_PACE_MS: "0" },
      envOf: { content: { SSRF_ALLOW: allowed } },
    });
    company = await newCompany(platform);
  }, SETUP_MS);
  afterAll(async () => {
    await platform?.stop();
  }, 60_000);

  const connect = (password: string) =>
    company.client.post<{ ref: string }>("/tenant/v1/channels", {
      kind: "wordpress",
      name: "Real site",
      siteUrl: site,
      username,
      applicationPassword: password,
    });

  async function draftFor(title: string, channelRef: string): Promise<{ plan: string; draft: Activity }> {
    const { ref } = await approvePlan(
      company.client,
      {
        title,
        start: "2026-12-01",
        end: "2026-12-31",
        deliverables: [
          { contentType: "blog_post", quantity: 1, theme: `${title} ${Date.now()}`, channelRef },
        ],
      },
      quiet,
    );
    const [draft] = await activitiesIn(company.client, ref, "dm_review", 1);
    if (!draft) throw new Error("no draft");
    return { plan: ref, draft };
  }

  /** Published posts with the title, as the site shows them to anybody. */
  async function posts(title: string): Promise<{ link: string; content: { rendered: string } }[]> {
    const path = `/wp-json/wp/v2/posts?per_page=100&search=${encodeURIComponent(title)}`;
    const response = await fetch(`${site}${path}`);
    return (await response.json()) as { link: string; content: { rendered: string } }[];
  }

  it(
    "refuses a wrong application password before anything is saved",
    async () => {
      expect(await refusal(connect("aaaa bbbb cccc dddd eeee ffff"))).toMatchObject({
        code: "wrong_credentials",
      });
    },
    TEST_MS,
  );

  it(
    "gets the post once, and shows it",
    async () => {
      const { body } = await connect(applicationPassword);
      const { plan, draft } = await draftFor("Real", body.ref);
      await approveTwice(company, draft);
      const [published] = await activitiesIn(company.client, plan, "published", 1);
      const [post, ...others] = await posts(draft.title);
      expect(others).toEqual([]);
      expect(post?.link).toBe(published?.publishedUrl);
      expect(post?.content.rendered).toContain("sixteen hours");
    },
    TEST_MS,
  );

  it(
    "gets it once too when the sender dies before it has noted the answer",
    async () => {
      const { body } = await connect(applicationPassword);
      const { plan, draft } = await draftFor("Killed", body.ref);
      await platform.restart("content", { FAILPOINT: "content.publish.sent" });
      await approveTwice(company, draft);
      await activitiesIn(company.client, plan, "published", 1, 150_000);
      expect(await posts(draft.title)).toHaveLength(1);
    },
    TEST_MS,
  );
});
