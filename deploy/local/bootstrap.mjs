/**
 * The first step of every `npm` command: brings Node 24, pnpm, the packages and the generated contracts up to date,
 * then runs `deploy/local/<command>.ts` under Node 24. Plain JavaScript with nothing but builtins, because it must run
 * on whatever Node from 18 on a machine happens to have, before anything is installed.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_VERSION = "24.21.0";
const PNPM_VERSION = "12.21.0";
/** What packages and build output need, in bytes. */
const DISK_NEEDED = 2.5e9;

/** A registry that can't be reached is said within seconds, not after npm's minutes. */
const IMPATIENT = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const local = join(root, ".local");
const tools = join(local, "tools");
const state = join(local, "state");
const toolsBin = join(tools, "node_modules", ".bin");

const [command = "start", ...args] = process.argv.slice(2);
const quiet = process.env.LM_QUIET_BOOTSTRAP === "1";

try {
  main();
} catch (error) {
  fail(explain(error instanceof Error ? error.message : String(error)));
}

function main() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 18)
    fail(`This is Node ${process.versions.node}, from 18 on it works: install a newer Node and try again.`);
  if (!existsSync(join(here, `${command}.ts`)))
    fail(`There is no command "${command}". Known: ${commands().join(", ")}.`);
  prepareFolders();
  const release = takeTurn();
  let node;
  try {
    node = ensureTools(major);
    ensurePackages();
    ensureContracts(node);
  } finally {
    release();
  }
  handOver(node);
}

function commands() {
  return ["start", "dev", "test", "check", "demo", "doctor", "backup", "restore"].filter((name) =>
    existsSync(join(here, `${name}.ts`)),
  );
}

function prepareFolders() {
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, "writable"), "");
}

/** Two commands started together would install over each other. */
function takeTurn() {
  const lock = join(state, "bootstrap.lock");
  let told = false;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = Number(readText(lock));
    if (!alive(holder)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!told) say(`waiting for another command (pid ${holder}) that is installing`);
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  }
}

/** Node 24 and pnpm, fetched through npm when the machine has none. Returns the Node to use. */
function ensureTools(major) {
  const own = join(tools, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  const needNode = major < 24;
  const haveNode = !needNode || (installed("node") === NODE_VERSION && existsSync(own));
  const havePnpm = installed("pnpm") === PNPM_VERSION;
  const node = needNode ? own : process.execPath;
  if (haveNode && havePnpm) {
    say(`Node ${needNode ? NODE_VERSION : process.versions.node} and pnpm ${PNPM_VERSION} are here`);
    return node;
  }
  const wanted = { ...(needNode ? { node: NODE_VERSION } : {}), pnpm: PNPM_VERSION };
  const names = Object.entries(wanted).map(
    ([name, version]) => `${name === "node" ? "Node" : name} ${version}`,
  );
  const done = step(
    `fetching ${names.join(" and ")} into .local/tools${needNode ? ` (this is Node ${process.versions.node})` : ""}`,
  );
  enoughDisk();
  mkdirSync(tools, { recursive: true });
  // The two install scripts place the binaries; no other script may run.
  const manifest = { private: true, allowScripts: { node: true, pnpm: true }, dependencies: wanted };
  writeFileSync(join(tools, "package.json"), JSON.stringify(manifest, null, 2));
  const [program, ...first] = npm();
  run(
    program,
    [...first, "install", "--no-fund", "--no-audit", "--no-package-lock", "--loglevel=error", ...IMPATIENT],
    {
      cwd: tools,
    },
  );
  done();
  return node;
}

function installed(name) {
  try {
    return JSON.parse(readFileSync(join(tools, "node_modules", name, "package.json"), "utf8")).version;
  } catch {
    return undefined;
  }
}

/** The npm that started us, or the one on the PATH. */
function npm() {
  const path = process.env.npm_execpath;
  if (path?.endsWith(".js") && /npm-cli/.test(path)) return [process.execPath, path];
  const program = process.platform === "win32" ? "npm.cmd" : "npm";
  if (spawnSync(program, ["--version"]).status !== 0) {
    fail("npm is not on the PATH, and it is needed once to fetch pnpm: install Node with npm and try again.");
  }
  return [program];
}

function ensurePackages() {
  const manifests = [
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    ...packageFolders().map((folder) => join(folder, "package.json")),
  ];
  const stamp = hash(manifests);
  if (
    existsSync(join(root, "node_modules", ".modules.yaml")) &&
    readText(join(state, "install.stamp")) === stamp
  ) {
    say("packages are up to date");
    return;
  }
  const done = step("installing packages from the lock file");
  enoughDisk();
  run(
    join(toolsBin, "pnpm"),
    ["install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only"],
    {
      cwd: root,
      env: { CI: "true" },
    },
  );
  writeFileSync(join(state, "install.stamp"), stamp);
  done();
}

/** The folders pnpm-workspace.yaml names, without needing a YAML reader. */
function packageFolders() {
  const patterns = readText(join(root, "pnpm-workspace.yaml"))
    .split(/^packages:\s*$/m)[1]
    .split(/^\S/m)[0]
    .match(/^\s+-\s+\S+/gm)
    .map((line) => line.replace(/^\s+-\s+/, "").replace(/["']/g, ""));
  const folders = ["."];
  for (const pattern of patterns) {
    if (!pattern.endsWith("/*")) folders.push(pattern);
    else for (const name of list(pattern.slice(0, -2))) folders.push(join(pattern.slice(0, -2), name));
  }
  return folders.filter((folder) => existsSync(join(root, folder, "package.json")));
}

function ensureContracts(node) {
  const sources = [
    "proto/buf.yaml",
    "proto/buf.gen.yaml",
    ...filesBelow("proto/leadmetrics"),
    ...filesBelow("proto/scripts"),
  ];
  const stamp = hash(sources);
  if (
    existsSync(join(root, "proto/gen/descriptors.binpb")) &&
    readText(join(state, "proto.stamp")) === stamp
  ) {
    say("generated contracts are up to date");
    return;
  }
  const done = step("generating the contracts' TypeScript");
  run(node, ["scripts/generate.ts"], { cwd: join(root, "proto") });
  writeFileSync(join(state, "proto.stamp"), stamp);
  done();
}

/** Runs the command under Node 24; signals reach it, its exit code becomes ours. */
function handOver(node) {
  const child = spawn(node, [join(here, `${command}.ts`), ...args], {
    stdio: "inherit",
    env: withTools(process.env, node),
  });
  // A terminal sends Ctrl-C to the child as well; we only wait for it to finish stopping.
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  });
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(explain(error.message)));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

function withTools(env, node) {
  return { ...env, PATH: [dirname(node), toolsBin, env.PATH].join(delimiter) };
}

/** Runs a program to its end; its output is shown only when it fails. */
function run(program, programArgs, options) {
  const node = existsSync(join(tools, "node_modules/node/bin/node"))
    ? join(tools, "node_modules/node/bin/node")
    : process.execPath;
  const result = spawnSync(program, programArgs, {
    cwd: options.cwd,
    env: withTools({ ...process.env, ...options.env }, node),
    encoding: "utf8",
    maxBuffer: 64e6,
  });
  if (result.error) throw result.error;
  if (result.status === 0) return;
  const output = `${result.stdout}\n${result.stderr}`;
  throw new Error(output.trim() || `${program} ended with ${result.status ?? result.signal}`);
}

/** What went wrong, as one sentence with what to do; the program's own words follow when we don't know better. */
function explain(text) {
  if (/ENOSPC|no space left/i.test(text))
    return `The disk that holds ${root} is full: free about 3 GB and try again.`;
  if (/EROFS|read-only file system/i.test(text))
    return `${root} is on a read-only file system: copy the project to a folder you can write.`;
  if (/EACCES|EPERM|permission denied/i.test(text)) {
    return `A file below ${root} can't be written by this user: make the folder yours (sudo chown -R "$USER" .) and try again.`;
  }
  if (/OUTDATED_LOCKFILE|is not up\s+to date with package\.json/i.test(text)) {
    return "pnpm-lock.yaml does not fit the package.json files: run .local/tools/node_modules/.bin/pnpm install and commit the lock file.";
  }
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|FETCH_FAIL|ERR_SOCKET_TIMEOUT/i.test(
      text,
    )
  ) {
    return "The package registry can't be reached, and the first start needs it: check the network (and npm's registry and proxy settings), then try again.";
  }
  const lines = text.split("\n").filter((line) => line.trim());
  return `This did not work:\n${lines.slice(-15).join("\n")}`;
}

function enoughDisk() {
  if (!statfsSync) return;
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < DISK_NEEDED)
    fail(
      `Only ${Math.round((bavail * bsize) / 1e6)} MB are free on the disk that holds ${root}: free about 3 GB and try again.`,
    );
}

function hash(files) {
  const digest = createHash("sha256").update(`${NODE_VERSION} ${PNPM_VERSION}`);
  for (const file of files) digest.update(file).update(readFileSync(join(root, file)));
  return digest.digest("hex");
}

function filesBelow(folder) {
  return list(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

function list(folder) {
  return existsSync(join(root, folder)) ? readdirSync(join(root, folder)).sort() : [];
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function alive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function say(text) {
  if (!quiet) console.log(`  ✓ ${text}`);
}

function step(text) {
  const started = Date.now();
  if (!quiet) console.log(`  … ${text}`);
  return () => say(`${text}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function fail(sentence) {
  console.error(`\n✗ ${sentence}`);
  rmLock();
  process.exit(1);
}

function rmLock() {
  const lock = join(state, "bootstrap.lock");
  if (readText(lock) === String(process.pid)) rmSync(lock, { force: true });
}
