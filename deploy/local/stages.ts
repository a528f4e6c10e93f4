import { spawn } from "node:child_process";
import { ROOT } from "./place.ts";

/** What one check or suite came to. */
export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Shown when something failed. */
  readonly output?: string;
  /** Which backend, why skipped: one line each, always shown. */
  readonly notes?: readonly string[];
}

export const passed = (name: string, notes?: readonly string[]): Outcome => ({
  name,
  passed: 1,
  failed: 0,
  skipped: 0,
  notes,
});
export const failed = (name: string, output: string): Outcome => ({
  name,
  passed: 0,
  failed: 1,
  skipped: 0,
  output,
});
export const skipped = (name: string, why: string): Outcome => ({
  name,
  passed: 0,
  failed: 0,
  skipped: 1,
  notes: [`skipped: ${why}`],
});

export interface Finished {
  readonly code: number;
  readonly output: string;
}

/** Runs a program in the repository and gives back everything it wrote. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; timeoutMs?: number } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1", ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMs,
      killSignal: "SIGTERM",
    });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => chunks.push(text));
    child.once("error", (error) => resolve({ code: 127, output: error.message }));
    child.once("close", (code, signal) => {
      const output = chunks.join("");
      resolve({ code: code ?? 1, output: signal ? `${output}\n(ended by ${signal})` : output });
    });
  });
}

/** A check that is one program: it passes when the program ends with 0. */
export async function programCheck(
  name: string,
  program: string,
  args: readonly string[],
  options?: Parameters<typeof run>[2],
): Promise<Outcome> {
  const { code, output } = await run(program, args, options);
  return code === 0 ? passed(name) : failed(name, output);
}
