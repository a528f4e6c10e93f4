import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { localDir } from "@leadmetrics/kit/backends";
import { z } from "zod";
import { ROOT } from "./place.ts";
import { type Outcome, run } from "./stages.ts";

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      startTime: z.number().default(0),
      endTime: z.number().default(0),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

type Report = z.infer<typeof report>;

/** Lines in which suites and the set-up say what they ran against or why they didn't run. */
const SAYS_BACKEND = /^\s*(tests use |ran against |skipped: )/;

/** Runs one project of the root vitest.config.ts and counts its tests. */
export async function runVitest(
  project: string,
  options: { timeoutMs: number; env?: Record<string, string> },
): Promise<Outcome> {
  const folder = join(localDir(), "state", "test-reports");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${project}.json`);
  rmSync(file, { force: true });
  const args = [
    "run",
    "--project",
    project,
    "--passWithNoTests",
    "--reporter=json",
    "--reporter=dot",
    `--outputFile.json=${file}`,
  ];
  const { code, output } = await run(join(ROOT, "node_modules/.bin/vitest"), args, options);
  const notes = output
    .split("\n")
    .filter((line) => SAYS_BACKEND.test(line))
    .map((line) => line.trim());
  const read = readReport(file);
  if (!read)
    return {
      name: project,
      passed: 0,
      failed: 1,
      skipped: 0,
      notes,
      output: output.split("\n").slice(-60).join("\n"),
    };
  const outcome = count(project, read);
  // A worker that crashed or an error outside of any test: the report may look green.
  const failedCount = outcome.failed === 0 && code !== 0 ? 1 : outcome.failed;
  return {
    ...outcome,
    failed: failedCount,
    notes: [...new Set([...notes, ...skippedNotes(read), ...slowNotes(read)])],
    output: outcome.output || (failedCount > 0 ? output.split("\n").slice(-60).join("\n") : undefined),
  };
}

function readReport(file: string): Report | undefined {
  try {
    return report.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

function count(name: string, read: Report): Outcome {
  // A file that can't even be loaded has no tests that could fail.
  const broken = read.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  const lines: string[] = [];
  for (const file of read.testResults) {
    const path = relative(ROOT, file.name);
    if (broken.includes(file)) lines.push(`✗ ${path}\n${file.message ?? ""}`);
    for (const test of file.assertionResults) {
      if (test.status === "failed")
        lines.push(`✗ ${path}: ${test.fullName}\n${(test.failureMessages ?? []).join("\n")}`);
    }
  }
  return {
    name,
    passed: read.numPassedTests,
    failed: read.numFailedTests + broken.length,
    skipped: read.numPendingTests + read.numTodoTests,
    output: lines.join("\n\n"),
  };
}

/** Seconds from which on a file is named with its time. */
const SLOW_S = 45;

/** Where the time went. */
function slowNotes(read: Report): string[] {
  return read.testResults
    .map((file) => ({ name: relative(ROOT, file.name), seconds: (file.endTime - file.startTime) / 1_000 }))
    .filter(({ seconds }) => seconds >= SLOW_S)
    .toSorted((a, b) => b.seconds - a.seconds)
    .map(({ name, seconds }) => `took ${Math.round(seconds)} s: ${name}`);
}

/** So many skipped tests of a file are named, which is where suites say why. */
const NAMED = 4;

/** What was skipped, by file. */
function skippedNotes(read: Report): string[] {
  return read.testResults.flatMap((file) => {
    const left = file.assertionResults.filter((test) => ["pending", "skipped", "todo"].includes(test.status));
    if (left.length === 0) return [];
    const which =
      left.length <= NAMED ? left.map((test) => test.fullName).join("; ") : `${left.length} tests`;
    return [`skipped: ${relative(ROOT, file.name)}: ${which}`];
  });
}
