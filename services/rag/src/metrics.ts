import { statfs } from "node:fs/promises";
import { gauge, METRICS, type Sampler } from "@leadmetrics/kit";

const free = gauge(METRICS.diskFree);
const size = gauge(METRICS.diskSize);

const HOLDS_MS = 10_000;

/** How full the disk is on which files are kept. */
export function diskSampler(dir: string): Sampler {
  return {
    name: "disk",
    holdsMs: HOLDS_MS,
    gauges: [free, size],
    async take() {
      const { bavail, blocks, bsize } = await statfs(dir);
      free.set({ volume: "files" }, bavail * bsize);
      size.set({ volume: "files" }, blocks * bsize);
    },
  };
}
