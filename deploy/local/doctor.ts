import { execFileSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { findNats, localDir, portTaken, reasonOf } from "@leadmetrics/kit/backends";
import { choicesOfServices } from "./backends.ts";
import { findBrowser } from "./browser.ts";
import { portsOf, ROOT } from "./place.ts";
import { DEFAULT_BASE, SYSTEM } from "./system.ts";

interface Finding {
  readonly what: string;
  /** "note": works, but a person may want to know. */
  readonly state: "good" | "note" | "bad";
  readonly says: string;
}

const GIB = 1024 ** 3;

/** `npm run doctor`: what this machine has, what it lacks, and what to do about it. */
async function findings(): Promise<Finding[]> {
  return [
    good("Node", process.versions.node),
    disk(),
    memory(),
    git(),
    await nats(),
    postgres(),
    await ports(),
    browser(),
    docker(),
    ...choicesOfServices(process.env).map(({ need, backend, why }) => good(need, `${backend} (${why})`)),
  ];
}

const good = (what: string, says: string): Finding => ({ what, state: "good", says });
const note = (what: string, says: string): Finding => ({ what, state: "note", says });
const bad = (what: string, says: string): Finding => ({ what, state: "bad", says });

function disk(): Finding {
  const { bavail, bsize } = statfsSync(ROOT);
  const free = (bavail * bsize) / GIB;
  const says = `${free.toFixed(1)} GiB free at ${ROOT}`;
  return free < 1 ? bad("disk", `${says}: free at least 2 GiB`) : good("disk", says);
}

function memory(): Finding {
  const says = `${(totalmem() / GIB).toFixed(1)} GiB, ${(freemem() / GIB).toFixed(1)} GiB of it unused`;
  return totalmem() < 3.5 * GIB
    ? note("memory", `${says}: with less than 4 GiB start with --no-portals or --only`)
    : good("memory", says);
}

function git(): Finding {
  const version = output("git", ["--version"]);
  return version
    ? good("git", version.replace("git version ", ""))
    : note("git", "not found: contracts can't be compared with the main branch");
}

async function nats(): Promise<Finding> {
  if (process.env.NATS_URL) return good("NATS", "NATS_URL names yours");
  try {
    const { choice } = await findNats(localDir());
    return good("NATS", `${choice.backend} (${choice.why})`);
  } catch (error) {
    return bad("NATS", reasonOf(error));
  }
}

function postgres(): Finding {
  if (process.env.POSTGRES_ADMIN_URL) return good("Postgres", "POSTGRES_ADMIN_URL names yours");
  return good("Postgres", "embedded, from the packages");
}

async function ports(): Promise<Finding> {
  const wanted = portsOf(
    DEFAULT_BASE,
    SYSTEM.map((spec) => spec.name),
  );
  const taken: string[] = [];
  for (const { port, use } of wanted) if (await portTaken(port)) taken.push(`${port} (${use})`);
  if (taken.length === 0)
    return good("ports", `all ${wanted.length} from ${DEFAULT_BASE} and 3000 on are free`);
  const running = existsSync(join(localDir(), "state", "running.json"));
  return running
    ? good("ports", "in use by the platform that runs now")
    : note(
        "ports",
        `taken: ${taken.slice(0, 4).join(", ")}: stop what uses them or start with --port-base ${DEFAULT_BASE + 1_000}`,
      );
}

function browser(): Finding {
  const found = findBrowser();
  return "path" in found
    ? good("browser", found.path)
    : note("browser", `${found.missing}: the browser tests are skipped`);
}

function docker(): Finding {
  const version = output("docker", ["version", "--format", "{{.Server.Version}}"]);
  return version
    ? good("docker", version)
    : note("docker", "not running: suites that need it are skipped, nothing else does");
}

function output(program: string, args: readonly string[]): string | undefined {
  try {
    return (
      execFileSync(program, args, {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        timeout: 5_000,
      }).trim() || undefined
    );
  } catch {
    return undefined;
  }
}

const all = await findings();
const width = Math.max(...all.map(({ what }) => what.length));
const marks = { good: styleText("green", "✓"), note: styleText("yellow", "!"), bad: styleText("red", "✗") };
for (const { what, state, says } of all) console.log(`  ${marks[state]} ${what.padEnd(width)}  ${says}`);
const wrong = all.filter(({ state }) => state === "bad").length;
console.log(
  wrong === 0 ? "\nNothing stands in the way of npm start." : `\n${wrong} to mend before npm start works.`,
);
process.exitCode = wrong === 0 ? 0 : 1;
