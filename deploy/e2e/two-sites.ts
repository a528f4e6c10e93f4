import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeBase } from "@leadmetrics/local/place";
import { type SandboxSite, startSandboxSite } from "@leadmetrics/local/sandbox-site/server";
import { BACKEND_PORTS } from "@leadmetrics/local/system";
import { sandboxUser } from "../local/demo/main-job.ts";
import type { Company } from "./company.ts";
import { type Platform, platformForTests } from "./harness.ts";

/** A platform that may publish to a second site beside its own sandbox. */
export interface TwoSites {
  readonly platform: Platform;
  readonly shop: SandboxSite;
  /** Connects the second site to a company, under the name "Shop". @returns the channel's reference */
  connectShop(company: Pick<Company, "client">): Promise<string>;
  stop(): Promise<void>;
}

export async function startTwoSites(
  options: Pick<Parameters<typeof platformForTests>[0] & object, "portals" | "env">,
): Promise<TwoSites> {
  const dir = await mkdtemp(join(tmpdir(), "lm-shop-"));
  const shop = await startSandboxSite({ port: 0, dir });
  const stopShop = async () => {
    await shop.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const base = await freeBase();
    const own = `127.0.0.1:${base + BACKEND_PORTS.sandboxSite}`;
    const platform = await platformForTests({
      ...options,
      base,
      envOf: { content: { SSRF_ALLOW: `${own},${new URL(shop.url).host}` } },
    });
    return {
      platform,
      shop,
      async connectShop({ client }) {
        const { body } = await client.post<{ ref: string }>("/tenant/v1/channels", {
          kind: "wordpress",
          name: "Shop",
          siteUrl: shop.url,
          ...sandboxUser,
        });
        return body.ref;
      },
      async stop() {
        await platform.stop();
        await stopShop();
      },
    };
  } catch (error) {
    await stopShop();
    throw error;
  }
}

/** How many posts a site shows with a title. */
export async function postsTitled(site: string, title: string): Promise<number> {
  const path = `/wp-json/wp/v2/posts?per_page=100&search=${encodeURIComponent(title)}`;
  const found = (await (await fetch(`${site}${path}`)).json()) as { title: { rendered: string } }[];
  return found.filter((post) => post.title.rendered === title).length;
}
