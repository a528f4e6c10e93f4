import { type ChildProcess, execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { SYSTEM } from "@leadmetrics/local/system";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Machine, startMachine } from "./backends.ts";
import { CHART, noHelm, ROOT, render } from "./helm.ts";
import { containerRunner, dockerfile, folderRunner, type Runner, targets } from "./images.ts";
import { find, type Workload, workloadsOf } from "./kubernetes.ts";

const all = targets();

describe("the Dockerfile", () => {
  it("has a target for everything that runs, and no other", () => {
    const wanted = SYSTEM.filter(({ kind }) => kind !== "worker").map(({ name }) => name);
    expect([...all.keys()].sort()).toEqual([...wanted, "migrations", "lm"].sort());
  });

  it("starts each from files that are there", () => {
    for (const { name, workdir, command, defaultArgs, assemble } of all.values()) {
      const start = [...command, ...defaultArgs].find((arg) => /\.(ts|mjs|js)$/.test(arg)) ?? "";
      // A portal's server is written by Next.
      if (assemble) expect(existsSync(join(ROOT, workdir, start)), `${name}: ${workdir}/${start}`).toBe(true);
      for (const path of assemble ?? []) expect(existsSync(join(ROOT, path)), `${name}: ${path}`).toBe(true);
    }
  });

  it("gives the migrations image the migrations of every service", () => {
    const services = SYSTEM.filter(({ kind }) => kind === "service").map(
      ({ name }) => `services/${name}/migrations`,
    );
    expect(all.get("migrations")?.assemble?.slice(1).sort()).toEqual(services.sort());
  });

  it("runs as nobody, names its base images by version, and leaves tools behind", () => {
    const text = dockerfile();
    expect(text).toMatch(/FROM \$\{RUNTIME_IMAGE\} AS runtime[\s\S]*USER 10001:10001/);
    expect(text).not.toMatch(/:latest\b/);
    const runtime = text.slice(text.indexOf("AS runtime"), text.indexOf("AS service"));
    expect(runtime).not.toMatch(/npm|apt-get|curl/);
    expect(runtime.match(/COPY/g)).toHaveLength(1);
  });

  it("takes the Node and the pnpm that the repository is developed with", () => {
    const bootstrap = readFileSync(join(ROOT, "deploy/local/bootstrap.mjs"), "utf8");
    const version = (name: string) => new RegExp(`${name}_VERSION = "([\\d.]+)"`).exec(bootstrap)?.[1];
    expect(dockerfile()).toContain(`ARG NODE_IMAGE=node:${version("NODE")}-bookworm-slim`);
    expect(dockerfile()).toContain(`ARG PNPM_VERSION=${version("PNPM")}`);
  });
});

const objects = noHelm ? [] : render(CHART);
const folder = mkdtempSync(join(tmpdir(), "lm-images-"));
const runners: readonly Runner[] = [
  folderRunner(folder),
  containerRunner(process.env.LM_IMAGE_TAG ?? "0.1.0"),
];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const { how, missing } of runners)
  if (missing ?? noHelm) console.log(`skipped: the platform's processes in ${how}, ${missing ?? noHelm}`);

describe.each(runners)("out of $how", (runner) => {
  describe.skipIf(noHelm ?? runner.missing)("with the chart's environment", { timeout: 60_000 }, () => {
    let machine: Machine;
    const children: ChildProcess[] = [];

    beforeAll(async () => {
      machine = await startMachine(objects);
      for (const name of ["migrations", "lm", "identity", "gateway"]) runner.prepare(target(name));
    }, 120_000);
    afterAll(async () => {
      for (const child of children) child.kill("SIGTERM");
      await machine?.stop();
    });

    it("a service refuses to start on a database that nobody migrated, in a sentence", async () => {
      const job = workload("Job", "identity-migrate");
      await machine.makeDatabase("identity", machine.environmentOf(job));
      const { output, code } = await run("identity", [], workload("Deployment", "identity"));
      expect(code).not.toBe(0);
      expect(output).toMatch(/The database of identity is at no version, this build needs \d{4}_\w+/);

      expect((await run("migrations", ["nothing"], job)).output).toContain('"nothing" has no migrations');
      const migrated = await run("migrations", ["identity"], job);
      expect([migrated.code, migrated.output]).toEqual([
        0,
        expect.stringMatching(/identity: \d+ migrations, now at \d{4}_/),
      ]);
    });

    it("a service refuses to start on a broker without its streams, in a sentence", async () => {
      const { output, code } = await run("identity", [], workload("Deployment", "identity"));
      expect(code).not.toBe(0);
      expect(output).toContain(
        'Run "lm streams apply" (the local runner and the chart do it) and start again.',
      );
    });

    it("the hooks' Jobs make what is missing, and can be run again", async () => {
      const streams = workload("Job", "streams");
      const first = await run("lm", streams.container.args, streams);
      expect([first.code, first.output]).toEqual([0, expect.stringContaining("+ EVT_CONTENT")]);
      const again = await run("lm", streams.container.args, streams);
      expect([again.code, again.output]).toEqual([0, expect.stringContaining("Nothing changed")]);
      const migrated = await run("migrations", ["identity"], workload("Job", "identity-migrate"));
      expect([migrated.code, migrated.output]).toEqual([0, expect.stringContaining("nothing to migrate")]);
    });

    it("identity and the gateway start, let the super admin in and stop when they are told", async () => {
      const identity = start("identity", [], workload("Deployment", "identity"));
      const gateway = start("gateway", [], workload("Deployment", "gateway"));
      await ready(`${machine.url("identity", "admin")}/readyz`, identity);
      await ready(`${machine.url("gateway", "admin")}/readyz`, gateway);

      // What `skaffold verify` runs: it signs in as the super admin, through the gateway.
      const { BOOTSTRAP_USERS = "" } = machine.environmentOf(workload("Deployment", "identity"));
      const smoke = await smokeTest({ GATEWAY_URL: machine.url("gateway", "http"), BOOTSTRAP_USERS });
      expect(smoke).toContain("✓ the super admin can sign in");

      for (const each of [gateway, identity]) {
        each.child.kill("SIGTERM");
        expect([each.name, await each.ended]).toEqual([each.name, 0]);
      }
    });

    function target(name: string) {
      const found = all.get(name);
      if (!found) throw new Error(`The Dockerfile has no target ${name}`);
      return found;
    }

    function start(name: string, args: readonly string[], { name: workloadName }: Workload) {
      const of = workloadsOf(objects).find((each) => each.name === workloadName);
      if (!of) throw new Error(`no workload ${workloadName}`);
      const child = runner.start(target(name), args, machine.environmentOf(of));
      children.push(child);
      const said: string[] = [];
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding("utf8").on("data", (text: string) => said.push(text));
      const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
      return { name, child, ended, said };
    }

    async function run(name: string, args: readonly string[], of: Workload) {
      const { ended, said } = start(name, args, of);
      const code = await ended;
      return { code, output: said.join("") };
    }

    async function ready(url: string, { said, name, child }: ReturnType<typeof start>) {
      const until = Date.now() + 30_000;
      while (Date.now() < until && child.exitCode === null) {
        const answer = await fetch(url).catch(() => undefined);
        if (answer?.ok) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`${name} is not ready at ${url}:\n${said.join("")}`);
    }
  });
});

async function smokeTest(env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, "deploy/images/smoke.ts")], {
    env: { ...env },
  });
  return stdout;
}

function workload(kind: string, name: string): Workload {
  const [only] = workloadsOf([find(objects, kind, name)]);
  if (!only) throw new Error(`${kind} ${name} runs no pod`);
  return only;
}
