import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  connectSandbox,
  describeCompany,
  type Listed,
  signIn,
  signUp,
  uploadKnowledge,
} from "./demo/main-job.ts";
import type { Rest } from "./demo/rest.ts";
import { until } from "./demo/rest.ts";
import { demoCompany, people } from "./people.ts";
import type { Platform } from "./platform.ts";
import { bakery } from "./seed/bakery.ts";

export interface Seeded {
  readonly signIns: readonly { portal: string; email: string; password: string }[];
}

const entry = (portal: string, { email, password }: { email: string; password: string }) => ({
  portal,
  email,
  password,
});

const signIns: Seeded = {
  signIns: [
    entry("dashboard", people.client),
    entry("dm", people.reviewer),
    entry("manage", people.superAdmin),
  ],
};

/** Services answer as soon as they are ready; their tokens and caches need a moment more on a cold start. */
const PATIENCE_MS = 60_000;

/**
 * Fills an empty platform through the doors a person uses: the public REST API and the mailed link. Safe to repeat: what is
 * there stays as it is.
 *
 * @param options.demo false: only the platform's own people, whom identity makes by itself, are waited for
 */
export async function seed(
  platform: Platform,
  say: (line: string) => void,
  options: { demo?: boolean } = {},
): Promise<Seeded> {
  const at = platform.addresses;
  const done = join(platform.place.dataDir, "seeded");
  if (existsSync(done)) return signIns;
  const admin = await until("the super admin's first sign-in", PATIENCE_MS, () =>
    signIn(at.gateway, people.superAdmin, "manage").catch(() => undefined),
  );
  if (options.demo !== false) {
    const client = await signedInClient(platform, say);
    await assignReviewer(admin, client);
    await fillTenant(platform, client, say);
  }
  if (options.demo !== false) writeFileSync(done, "");
  return signIns;
}

async function signedInClient(platform: Platform, say: (line: string) => void): Promise<Rest> {
  const at = platform.addresses;
  const there = await signIn(at.gateway, people.client, "dashboard").catch(() => undefined);
  if (there) return there;
  say(`signing ${people.client.name} of ${demoCompany} up`);
  return signUp(at, people.client, demoCompany, () => {});
}

async function assignReviewer(admin: Rest, client: Rest): Promise<void> {
  const me = await client.get<{ membership: { tenantRef: string } }>("/auth/v1/me");
  const reviewers = await admin.get<Listed<{ ref: string; email: string }>>(
    "/admin/v1/users?platformRole=reviewer",
  );
  const reviewer = reviewers.body.items.find((user) => user.email === people.reviewer.email);
  if (!reviewer)
    throw new Error(`identity did not make the reviewer ${people.reviewer.email} (PLATFORM_USERS)`);
  await admin.put(`/admin/v1/tenants/${me.body.membership.tenantRef}/reviewers/${reviewer.ref}`);
}

async function fillTenant(platform: Platform, client: Rest, say: (line: string) => void): Promise<void> {
  const quiet = () => {};
  const empty = async (path: string) => (await client.get<Listed<unknown>>(path)).body.items.length === 0;
  const context = await client.get<{ version?: number }>("/tenant/v1/context");
  if (!context.body.version) {
    say("writing the client context");
    await describeCompany(client, bakery.context, quiet);
  }
  if (await empty("/tenant/v1/files")) {
    say(`uploading ${bakery.files.length} knowledge files`);
    await uploadKnowledge(client, [...bakery.files], quiet);
  }
  if (await empty("/tenant/v1/channels")) {
    say("connecting the sandbox site");
    await connectSandbox(client, platform.addresses, quiet);
  }
  if (await empty("/tenant/v1/strategies")) await writeStrategy(client, say);
  if (await empty("/tenant/v1/plans")) await writePlan(client, say);
}

async function writeStrategy(client: Rest, say: (line: string) => void): Promise<void> {
  say("writing a strategy with goals");
  const due = day(new Date(), 6);
  const goals = bakery.strategy.goals.map((goal) => ({ ...goal, due }));
  const { body } = await client.post<{ ref: string; version?: number; stamp?: { version: number } }>(
    "/tenant/v1/strategies",
    {
      ...bakery.strategy,
      goals,
    },
  );
  await client.post(`/tenant/v1/strategies/${body.ref}/approve`, {
    version: body.version ?? body.stamp?.version,
  });
}

/** Left for a person to approve: nothing runs without that. */
async function writePlan(client: Rest, say: (line: string) => void): Promise<void> {
  say("writing a plan that waits for the client's yes");
  const now = new Date();
  const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  const end = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 0));
  const label = start.toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
  const channels = await client.get<Listed<{ ref: string }>>("/tenant/v1/channels");
  const channelRef = channels.body.items[0]?.ref;
  await client.post("/tenant/v1/plans", {
    title: `Content for ${label}`,
    start: day(start),
    end: day(end),
    deliverables: bakery.deliverables.map((deliverable) =>
      deliverable.contentType === "blog_post" && channelRef ? { ...deliverable, channelRef } : deliverable,
    ),
  });
}

function day(date: Date, monthsLater = 0): string {
  const moved = new Date(
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsLater, date.getUTCDate()),
  );
  return moved.toISOString().slice(0, 10);
}
