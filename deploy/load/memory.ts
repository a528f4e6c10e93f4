import { readdirSync, readFileSync } from "node:fs";

/** Memory of a platform, MiB. */
export interface Memory {
  /** Our own processes: resident sets, which don't share much. */
  readonly processes: number;
  /** Postgres and NATS: Postgres' shared buffers counted once. */
  readonly backends: number;
}

/** Samples the memory of process trees until stopped and keeps the peaks. */
export function watchMemory(
  pids: () => { processes: readonly number[]; backends: readonly number[] },
  everyMs: number,
) {
  const peak = { processes: 0, backends: 0 };
  const sample = () => {
    const now = memoryOf(pids());
    peak.processes = Math.max(peak.processes, now.processes);
    peak.backends = Math.max(peak.backends, now.backends);
  };
  sample();
  const timer = setInterval(sample, everyMs);
  return {
    peak: (): Memory => ({ ...peak }),
    stop: () => clearInterval(timer),
  };
}

export function memoryOf(pids: { processes: readonly number[]; backends: readonly number[] }): Memory {
  const sum = (roots: readonly number[], field: RegExp) =>
    Math.round(withChildren(roots).reduce((total, pid) => total + kilobytes(pid, field), 0) / 1024);
  return {
    processes: sum(pids.processes, /^VmRSS:\s+(\d+)/m),
    backends: sum(pids.backends, /^Pss:\s+(\d+)/m),
  };
}

/** A field of /proc, KiB; 0 for a process that is gone. */
function kilobytes(pid: number, field: RegExp): number {
  const file = field.source.includes("Pss") ? "smaps_rollup" : "status";
  try {
    return Number(field.exec(readFileSync(`/proc/${pid}/${file}`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Processor time a process and its children have taken so far, seconds. */
export function cpuSeconds(root: number): number {
  let ticks = 0;
  for (const pid of withChildren([root])) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // utime, stime, and the same of children that have ended.
      ticks += [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    } catch {
      // It has ended meanwhile.
    }
  }
  return ticks / TICKS_PER_SECOND;
}

/** USER_HZ of every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

function withChildren(roots: readonly number[]): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const all = new Set(roots.filter((pid) => parents.has(pid)));
  for (let size = 0; size !== all.size; ) {
    size = all.size;
    for (const [pid, parent] of parents) if (all.has(parent)) all.add(pid);
  }
  return [...all];
}
