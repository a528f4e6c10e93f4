import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeBase } from "@leadmetrics/local/place";
import { type Platform, type PlatformOptions, startPlatform } from "@leadmetrics/local/platform";
import { seed } from "@leadmetrics/local/seed";

export type { Platform };

/**
 * A whole platform for one test file: free ports, a data directory of its own, empty databases with the people everybody
 * starts with (and the demo tenant, when asked for), no safety against power failure, every span in a file. `LM_KEEP=1` leaves data and logs behind.
 *
 * Stop it in `afterAll`. With `only`, nobody is waited for beyond readiness.
 */
export async function platformForTests(
  options: Pick<PlatformOptions, "base" | "portals" | "only" | "env" | "envOf"> & { demo?: boolean } = {},
): Promise<Platform> {
  const dataDir = await mkdtemp(join(tmpdir(), "lm-e2e-"));
  const forget = async () => {
    if (!process.env.LM_KEEP) await rm(dataDir, { recursive: true, force: true });
  };
  let platform: Platform | undefined;
  try {
    platform = await startPlatform({
      ...options,
      base: options.base ?? (await freeBase()),
      dataDir,
      durable: false,
      traces: true,
      // A test signs more people in from one address than a person does.
      env: { RATE_LIMIT_SCALE: "1000", ...options.env },
    });
    if (!options.only) await seed(platform, () => {}, { demo: options.demo ?? false });
    const { stop } = platform;
    return { ...platform, stop: () => stop().then(forget) };
  } catch (error) {
    await platform?.stop();
    await forget();
    throw error;
  }
}
