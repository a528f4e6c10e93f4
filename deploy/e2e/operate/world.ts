import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectNats, type Nats } from "@leadmetrics/kit/nats";
import { lm as run } from "@leadmetrics/lm/program";
import { freeBase } from "@leadmetrics/local/place";
import { type Platform, startPlatform } from "@leadmetrics/local/platform";
import { seed } from "@leadmetrics/local/seed";
import { approvePlan } from "../../local/demo/main-job.ts";
import { activitiesIn, type Company, newCompany, quiet } from "../company.ts";

/** Hours of grace in these tests; in production it is a month. */
const GRACE_HOURS = 6 / 3_600;

/** A platform that is stopped, wiped and started again, and two companies that use it. */
export interface World {
  readonly home: string;
  platform: Platform;
  nats: Nats;
  /** The one that ends. */
  readonly leaving: Company;
  /** The one that stays. */
  readonly staying: Company;
}

/** Starts on a data directory, as often as it takes; ports stay the same. */
export async function startOn(home: string, base: number): Promise<Pick<World, "platform" | "nats">> {
  const platform = await startPlatform({
    base,
    dataDir: home,
    durable: false,
    portals: false,
    env: { RATE_LIMIT_SCALE: "1000", OFFLINE_PACE_MS: "0" },
    envOf: { tenancy: { DELETION_GRACE_HOURS: String(GRACE_HOURS), DELETION_QUIET_SECONDS: "1" } },
  });
  const nats = await connectNats({ url: platform.backends.natsUrl, name: "operate-test" });
  return { platform, nats };
}

export async function buildWorld(): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), "lm-operate-"));
  const started = await startOn(home, await freeBase());
  await seed(started.platform, () => {}, { demo: false });
  const [leaving, staying] = await Promise.all([working(started.platform), working(started.platform)]);
  return { home, ...started, leaving, staying };
}

export async function endWorld(world: World | undefined): Promise<void> {
  await world?.nats.close();
  await world?.platform.stop();
  if (world && !process.env.LM_KEEP) await rm(world.home, { recursive: true, force: true });
}

/** A company with a plan, and a draft that waits for its reviewer. */
async function working(platform: Platform): Promise<Company> {
  const company = await newCompany(platform);
  const plan = await approvePlan(
    company.client,
    {
      title: "December",
      start: "2026-12-01",
      end: "2026-12-31",
      deliverables: [
        { contentType: "blog_post", quantity: 1, theme: "Rye bread", channelRef: company.channelRef },
      ],
    },
    quiet,
  );
  await activitiesIn(company.client, plan.ref, "dm_review", 1);
  return company;
}

/** Runs a command of the operator on the world's platform. */
export async function lm(
  { home }: Pick<World, "home">,
  ...args: string[]
): Promise<{ code: number; text: string; wrong: string }> {
  let text = "";
  let wrong = "";
  const code = await run([...args, "--data-dir", home], {
    out: (words) => {
      text += words;
    },
    err: (words) => {
      wrong += words;
    },
    env: {},
  });
  return { code, text, wrong };
}
