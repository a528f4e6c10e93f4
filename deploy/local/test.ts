import { styleText } from "node:util";
import { ensureBrowser } from "./browser.ts";
import { runChecks } from "./check/index.ts";
import { ensureHelm } from "./helm.ts";
import { buildPortals } from "./portal-builds.ts";
import type { Outcome } from "./stages.ts";
import { SYSTEM } from "./system.ts";
import { runVitest } from "./vitest-run.ts";

/** `npm test`, or `npm test -- unit backends` for some of its stages. */

const MINUTE = 60_000;

interface Stage {
  readonly name: string;
  readonly does: string;
  readonly run: () => Promise<readonly Outcome[]>;
}

const STAGES: readonly Stage[] = [
  {
    name: "check",
    does: "types, lint, contracts, dependency direction, dead code",
    run: () => runChecks(show),
  },
  {
    name: "unit",
    does: "tests beside the sources",
    run: async () => told(await runVitest("unit", { timeoutMs: 6 * MINUTE })),
  },
  {
    name: "backends",
    does: "services and gateway on real Postgres and NATS",
    run: async () => told(await runVitest("backends", { timeoutMs: 14 * MINUTE })),
  },
  {
    name: "charts",
    does: "what Helm would install, and the images",
    run: async () => {
      const helm = ensureHelm((line) => console.log(`  · ${line}`));
      const env: Record<string, string> =
        "path" in helm ? { HELM_PATH: helm.path } : { LM_NO_HELM: helm.missing };
      if ("missing" in helm)
        console.log(styleText("yellow", `  ! the charts are not rendered: ${helm.missing}`));
      return told(await runVitest("charts", { timeoutMs: 4 * MINUTE, env }));
    },
  },
  {
    name: "e2e",
    does: "the whole platform, through browsers, REST and gRPC",
    run: async () => {
      const browser = ensureBrowser((line) => console.log(`  · ${line}`));
      const env: Record<string, string> =
        "path" in browser ? { CHROMIUM_PATH: browser.path } : { LM_NO_BROWSER: browser.missing };
      if ("missing" in browser)
        console.log(styleText("yellow", `  ! the browser suites are skipped: ${browser.missing}`));
      // Before the suites, two of which run at a time: both would build.
      else
        await buildPortals(SYSTEM, (text) => {
          console.log(`  · ${text}`);
          return () => undefined;
        });
      return told(await runVitest("e2e", { timeoutMs: 26 * MINUTE, env }));
    },
  },
  {
    name: "drills",
    does: "the platform is hurt, the alarms tell, and it goes on",
    run: async () => told(await runVitest("drills", { timeoutMs: 5 * MINUTE })),
  },
];

function told(outcome: Outcome): Outcome[] {
  show(outcome);
  return [outcome];
}

function show({ name, passed, failed, skipped, notes = [], output }: Outcome): void {
  const mark =
    failed > 0 ? styleText("red", "✗") : passed > 0 ? styleText("green", "✓") : styleText("yellow", "-");
  const counts =
    passed + failed + skipped > 1 ? `: ${passed} passed, ${failed} failed, ${skipped} skipped` : "";
  console.log(`  ${mark} ${name}${counts}`);
  for (const note of notes) console.log(styleText("dim", `      ${note}`));
  if (failed > 0 && output) console.log(`\n${indent(output)}\n`);
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, "      ");
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown) {
    console.error(
      `✗ There is no stage "${unknown}". Stages: ${STAGES.map((stage) => stage.name).join(", ")}.`,
    );
    process.exit(2);
  }
  const all: Outcome[] = [];
  const started = Date.now();
  for (const stage of STAGES.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const stageStarted = Date.now();
    console.log(`\n${styleText("bold", stage.name)} ${styleText("dim", stage.does)}`);
    // Continuous-integration systems end what says nothing for minutes.
    const pulse = setInterval(() => console.log(styleText("dim", `  … ${took(stageStarted)}`)), MINUTE);
    try {
      all.push(...(await stage.run()));
    } finally {
      clearInterval(pulse);
    }
    console.log(styleText("dim", `  ${stage.name} took ${took(stageStarted)}`));
  }
  const sum = (key: "passed" | "failed" | "skipped") =>
    all.reduce((total, outcome) => total + outcome[key], 0);
  console.log(`\n${styleText("dim", `${took(started)} in all, ${sum("skipped")} skipped`)}`);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  process.exitCode = sum("failed") > 0 ? 1 : 0;
}

function took(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

await main(process.argv.slice(2));
