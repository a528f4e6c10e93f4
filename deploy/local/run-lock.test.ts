import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processExists, waitUntil } from "@leadmetrics/kit/backends";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { readRunning, takeRunLock } from "./run-lock.ts";

/** A runner with one child, as a platform's: it says the child's number and waits. */
const RUNNER = `
import { spawn } from "node:child_process";
import { takeRunLock } from ${JSON.stringify(join(import.meta.dirname, "run-lock.ts"))};
const lock = await takeRunLock(process.argv[1], 4100, () => {});
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
lock.children([child.pid]);
process.stdin.once("data", () => {
  lock.release();
  process.exit();
});
console.log(child.pid);
`;
const GONE_MS = 15_000;

let stateDir: string;
let started: number[];
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "lm-lock-"));
  started = [];
});
afterEach(() => {
  for (const pid of started.filter(processExists)) process.kill(pid, "SIGKILL");
  rmSync(stateDir, { recursive: true, force: true });
});

async function runner(): Promise<{ process: ChildProcess; child: number }> {
  const process_ = spawn(process.execPath, ["--input-type=module", "--eval", RUNNER, stateDir], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = z.tuple([z.instanceof(Buffer)]).parse(await once(process_.stdout, "data"));
  const child = Number(line.toString());
  started.push(child, process_.pid ?? 0);
  return { process: process_, child };
}

it("what a killed runner has started ends soon after it, and the folder is free", {
  timeout: 30_000,
}, async () => {
  const { process: killed, child } = await runner();
  expect(processExists(child)).toBe(true);
  killed.kill("SIGKILL");
  await once(killed, "exit");
  expect(await waitUntil(() => !processExists(child), GONE_MS)).toBe(true);
  expect(await waitUntil(() => !existsSync(join(stateDir, "running.json")), GONE_MS)).toBe(true);
});

it("what a runner lets go of goes on, and nobody waits for its end any more", {
  timeout: 30_000,
}, async () => {
  const { process: ended, child } = await runner();
  ended.stdin?.write("release\n");
  await once(ended, "exit");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(processExists(child)).toBe(true);
  expect(readRunning(stateDir)).toBeUndefined();
});

it("a second runner in the same folder is refused, and told where the first one is", {
  timeout: 30_000,
}, async () => {
  const { process: first } = await runner();
  await expect(takeRunLock(stateDir, 5_100, () => {})).rejects.toThrow(
    `already runs here (pid ${first.pid}, ports from 4100)`,
  );
  first.kill("SIGKILL");
});
