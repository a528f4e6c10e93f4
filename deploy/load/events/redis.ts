import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, portTaken, startServer, waitUntil } from "@leadmetrics/kit/backends";

const START_MS = 10_000;
const STOP_MS = 5_000;

/** A Redis that writes every command to disk before it answers; undefined when there is no redis-server on PATH. */
export async function startRedis(): Promise<{ port: number; stop(): Promise<void> } | undefined> {
  if (spawnSync("redis-server", ["--version"]).error) return undefined;
  const dir = await mkdtemp(join(tmpdir(), "lm-redis-"));
  const port = await freePort();
  const settings = {
    port,
    bind: "127.0.0.1",
    dir,
    appendonly: "yes",
    appendfsync: "always",
    save: "",
    "maxmemory-policy": "noeviction",
  };
  const server = await startServer({
    command: "redis-server",
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    logFile: join(dir, "redis.log"),
  });
  if (!(await waitUntil(() => portTaken(port), START_MS)))
    throw new Error(`Redis did not start: ${server.logTail()}`);
  server.detach();
  return {
    port,
    async stop() {
      await server.stop("SIGTERM", STOP_MS);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
