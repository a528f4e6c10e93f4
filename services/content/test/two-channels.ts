import { ConnectError } from "@connectrpc/connect";
import { fromRef, type secretBox } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { ActivitiesService, type Activity } from "@leadmetrics/proto/content/v1/activities";
import { ChannelsService, PublicationsService } from "@leadmetrics/proto/content/v1/channels";
import { PlansService } from "@leadmetrics/proto/content/v1/plans";
import { ApprovalsService } from "@leadmetrics/proto/content/v1/reviews";
import { ScheduleService } from "@leadmetrics/proto/content/v1/schedule";
import type { ContentDb } from "../src/db.ts";
import { publishDue } from "../src/publications/publisher.ts";
import { servicesOf } from "../src/services.ts";
import { type DraftOptions, draft } from "./draft.ts";
import { Site } from "./site.ts";

export type Draft = Awaited<ReturnType<typeof draft>>;

export async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

export const yes = (channelRef: string) => ({ channelRef, approved: true, note: "" });
export const no = (channelRef: string, note = "Not for our shop") => ({ channelRef, approved: false, note });
export const states = ({ targets }: Activity) => targets.map((target) => target.publicationStatus);

/** A client company with two websites as channels, for the tests of one file. */
export class TwoChannels {
  readonly t: ServiceTest<ContentDb>;
  readonly deps: {
    db: ServiceTest<ContentDb>["db"];
    box: ReturnType<typeof secretBox>;
    allowPrivate: string[];
  };
  readonly blog: Site;
  readonly shop: Site;
  /** The two sites as channels. */
  refs = { blog: "", shop: "" };
  readonly #client: ReturnType<ServiceTest<ContentDb>["ctx"]["tenant"]>;
  #drafts = 0;

  constructor(t: ServiceTest<ContentDb>, deps: TwoChannels["deps"], blog: Site, shop: Site) {
    this.t = t;
    this.deps = deps;
    this.blog = blog;
    this.shop = shop;
    this.#client = t.ctx.tenant();
  }

  static async start(): Promise<TwoChannels> {
    const [blog, shop] = await Promise.all([Site.start(), Site.start()]);
    const t = await startServiceTest<ContentDb>({
      service: "content",
      migrations: new URL("../migrations/", import.meta.url),
    });
    const started = Promise.withResolvers<TwoChannels["deps"]>();
    await t.start({
      config: t.config,
      rpc: ({ db, box }) => {
        const deps = { db, box, allowPrivate: [blog.address, shop.address] };
        started.resolve(deps);
        return servicesOf({ ...deps, namesOf: async () => new Map() });
      },
    });
    return new TwoChannels(t, await started.promise, blog, shop);
  }

  async close(): Promise<void> {
    await this.t.close();
    this.blog.stop();
    this.shop.stop();
  }

  /** Sites without a trouble, connected anew. */
  async renew(): Promise<void> {
    for (const site of [this.blog, this.shop])
      Object.assign(site, { trouble: undefined, slowMs: 0, asked: 0 });
    this.refs = {
      blog: await this.connected(this.blog, "Blog"),
      shop: await this.connected(this.shop, "Shop"),
    };
  }

  client() {
    return this.#client;
  }

  async calls() {
    const { principal } = this.#client;
    return {
      activities: await this.t.client(ActivitiesService, principal),
      approvals: await this.t.client(ApprovalsService, principal),
      channels: await this.t.client(ChannelsService, principal),
      plans: await this.t.client(PlansService, principal),
      publications: await this.t.client(PublicationsService, principal),
      schedule: await this.t.client(ScheduleService, principal),
    };
  }

  async connected(site: Site, name: string): Promise<string> {
    const { channels } = await this.calls();
    const { channel } = await channels.connectChannel({
      name,
      credentials: {
        case: "wordpress",
        value: { siteUrl: `http://${site.address}`, username: "editor", applicationPassword: "right" },
      },
    });
    return channel?.ref ?? "";
  }

  /** A post for both sites that waits for the client; its title is its own, so that its posts can be told. */
  waiting(options: DraftOptions = {}): Promise<Draft> {
    const channelRefs = [this.refs.blog, this.refs.shop];
    return draft(this.t, `Rye ${++this.#drafts}`, { channelRefs, ...options });
  }

  async now(item: Draft): Promise<Activity> {
    const { activities } = await this.calls();
    const { activity } = await activities.getActivity({ activityRef: item.ref });
    if (!activity) throw new Error("no activity");
    return activity;
  }

  async versionOf(item: Draft): Promise<number> {
    return (await this.now(item)).stamp?.version ?? 0;
  }

  async approve(item: Draft, channels: ReturnType<typeof yes>[] = []) {
    const { approvals } = await this.calls();
    const { activity } = await approvals.approveContent({
      activityRef: item.ref,
      version: await this.versionOf(item),
      contentHash: item.hash,
      channels,
    });
    return activity;
  }

  publish(): Promise<void> {
    return publishDue(this.deps, new AbortController().signal);
  }

  /** Makes everything of an item due whose next try lies ahead, as if its time had passed. */
  async afterAWhile(item: Draft): Promise<void> {
    await this.t.db.withTenant(this.#client, (tx) =>
      tx
        .updateTable("publication")
        .set({ next_try: new Date(0), lease_until: null })
        .where("activity_id", "=", fromRef(item.ref))
        .where("status", "in", ["prepared", "sending", "accepted", "unconfirmed"])
        .execute(),
    );
  }

  /** How many posts of an item each site has. */
  posts(item: Draft): number[] {
    return [this.blog, this.shop].map(
      (site) =>
        site.posts.filter((post) => post.content.raw.includes("<p>It rests.") && post.slug === item.slug)
          .length,
    );
  }

  /** What its period has counted. */
  async counted(item: Draft): Promise<number[]> {
    const { plans } = await this.calls();
    const { periods } = await plans.listPeriods({ planRef: item.planRef });
    return periods.map((period) => period.completedCount);
  }
}
