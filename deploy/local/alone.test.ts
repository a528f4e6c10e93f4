import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { alone } from "./alone.ts";

/** Says that it has begun and that it has ended; in between it may be killed. */
const WORKER = `
import { appendFileSync } from "node:fs";
import { alone } from ${JSON.stringify(join(import.meta.dirname, "alone.ts"))};
const [file, log, ms] = process.argv.slice(1);
await alone(file, async () => {
  appendFileSync(log, "begin\\n");
  console.log("begin");
  await new Promise((resolve) => setTimeout(resolve, Number(ms)));
  appendFileSync(log, "end\\n");
});
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lm-alone-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, "lock");
const work = (ms: number): ChildProcess =>
  spawn(
    process.execPath,
    ["--input-type=module", "--eval", WORKER, file(), join(folder, "log"), String(ms)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
const log = () => readFileSync(join(folder, "log"), "utf8").trim().split("\n");

it("lets several processes do their work one after the other, never two at once", {
  timeout: 30_000,
}, async () => {
  const all = Array.from({ length: 4 }, () => work(150));
  await Promise.all(all.map((each) => once(each, "exit")));
  expect(log()).toEqual(Array.from({ length: 4 }, () => ["begin", "end"]).flat());
});

it("doesn't wait for one that was killed in the middle of its work", { timeout: 30_000 }, async () => {
  const killed = work(60_000);
  if (killed.stdout) await once(killed.stdout, "data");
  killed.kill("SIGKILL");
  await once(killed, "exit");
  const others = [work(100), work(100)];
  await Promise.all(others.map((each) => once(each, "exit")));
  expect(log()).toEqual(["begin", "begin", "end", "begin", "end"]);
});

it("gives the turn on when the work fails", async () => {
  const failed = alone(file(), () => Promise.reject(new Error("the work failed")));
  await expect(failed).rejects.toThrow("the work failed");
  writeFileSync(join(folder, "log"), "");
  expect(await alone(file(), async () => "done")).toBe("done");
});
