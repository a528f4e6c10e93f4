import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { portOf } from "@leadmetrics/local/listening";
import { freeBase, ROOT } from "@leadmetrics/local/place";
import { BACKEND_PORTS } from "@leadmetrics/local/system";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { until } from "../local/demo/rest.ts";
import { type Platform, platformForTests } from "./harness.ts";

const SETUP_MS = 120_000;

const connz = z.object({ connections: z.array(z.object({ name: z.string().optional() })) });

/** What `npm start` says when it can't start. */
function started(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, "deploy/local/start.ts"), "--only", "identity", ...args],
      (_error, _out, err) => resolve(err),
    );
  });
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("the local runner", () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await platformForTests({ only: ["identity", "tenancy"] });
  }, SETUP_MS);
  afterAll(() => platform?.stop(), SETUP_MS);

  const readiness = async (name: string) => {
    const port = platform.place.port(name === "identity" ? 2 : 12);
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
  };

  it("starts a process again that was killed, and says so in its count", async () => {
    const before = platform.pid("identity");
    platform.kill("identity", "SIGKILL");
    await until("another identity", 30_000, async () => {
      const now = platform.pid("identity");
      return now !== undefined && now !== before ? now : undefined;
    });
    await platform.ready("identity");
    expect(platform.restarts("identity")).toBe(1);
    expect(await readiness("identity")).toBe(200);
  });

  it("gives a variable to one start only: the next one is without it", async () => {
    const failpoint = async () => {
      const environ = await readFile(`/proc/${platform.pid("tenancy")}/environ`, "utf8");
      return environ.split("\0").find((entry) => entry.startsWith("FAILPOINT="));
    };
    await platform.restart("tenancy", { FAILPOINT: "nowhere" });
    expect(await failpoint()).toBe("FAILPOINT=nowhere");
    await platform.restart("tenancy");
    expect(await failpoint()).toBeUndefined();
  });

  it("keeps services answering while the broker is away, and they find it again", async () => {
    await platform.nats?.stop();
    // Not ready, so that traffic goes elsewhere where there is an elsewhere; whoever asks is answered all the same.
    await until("the word that the broker is away", 20_000, async () =>
      (await readiness("tenancy")) === 503 ? true : undefined,
    );
    const asked = await fetch(`${platform.url("identity")}/leadmetrics.identity.v1.KeysService/GetJwks`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(asked.status).toBe(200);
    await platform.nats?.start();
    const monitor = `http://127.0.0.1:${platform.place.port(BACKEND_PORTS.natsMonitor)}/connz`;
    await until("their connections", 20_000, async () => {
      const { connections } = connz.parse(await (await fetch(monitor)).json());
      const names = connections.map(({ name }) => name);
      return names.includes("tenancy") && names.includes("identity") ? names : undefined;
    });
    await platform.ready("tenancy");
    expect(platform.restarts("tenancy")).toBe(0);
  });

  it("refuses a second platform in the same data directory, and the same ports in another", async () => {
    const home = dirname(platform.place.dataDir);
    expect(await started(["--data-dir", home, "--port-base", String(await freeBase())])).toMatch(
      /✗ The platform already runs here \(pid \d+, ports from \d+\): stop it with Ctrl-C, or start this one with another --data-dir/,
    );
    expect(
      await started(["--data-dir", join(home, "second"), "--port-base", String(platform.place.base)]),
    ).toMatch(
      /✗ Port \d+, wanted for identity \(rpc\), is taken: stop what uses it, or start with --port-base \d+\./,
    );
  });

  it("leaves nothing behind when it stops", async () => {
    const pids = [...platform.names.map((name) => platform.pid(name) ?? 0), ...platform.backends.pids()];
    expect(pids.every(isThere)).toBe(true);
    await platform.stop();
    expect(pids.filter(isThere)).toEqual([]);
  });
});

it("names a port of a backend that is taken", { timeout: SETUP_MS }, async () => {
  const base = await freeBase();
  const server = createServer().listen(base + 95, "127.0.0.1");
  await once(server, "listening");
  try {
    const refused = platformForTests({ only: ["identity"], base });
    await expect(refused).rejects.toThrow(`Port ${portOf(server)}, wanted for the sandbox site, is taken`);
  } finally {
    server.close();
  }
});
