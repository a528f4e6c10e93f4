import { statfsSync } from "node:fs";
import { type Finding, good, note } from "./finding.ts";

const GIB = 1024 ** 3;
const DISK_LOW = 2 * GIB;

/** The Node that runs this, and the disk that a local platform fills. */
export function machineFindings(dataDir: string | undefined): Finding[] {
  const node = good("Node", process.versions.node);
  if (!dataDir) return [node];
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  const says = `${(free / GIB).toFixed(1)} GiB free at ${dataDir}`;
  return [
    node,
    free < DISK_LOW
      ? note("disk", `${says}: make room, the databases stop when it is full`)
      : good("disk", says),
  ];
}
