import { styleText } from "node:util";
import type { LogLine } from "./log-lines.ts";
import type { Platform, Reporter } from "./platform.ts";
import type { Seeded } from "./seed.ts";

const seconds = (ms: number) => (ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`);
const soft = (text: string) => styleText("dim", text);
const bold = (text: string) => styleText("bold", text);

/** What a person at the terminal sees of a starting and running platform. */
export class Console implements Reporter {
  /** The last notice of each process and how often it came, so that a repeated one fills one line and not the screen. */
  readonly #last = new Map<string, { text: string; times: number }>();

  step = (text: string): (() => void) => {
    const started = Date.now();
    return () => console.log(`  ${styleText("green", "✓")} ${text} ${soft(seconds(Date.now() - started))}`);
  };

  say = (text: string): void => {
    console.log(`  ${soft("·")} ${text}`);
  };

  notice = (name: string, line: LogLine): void => {
    const last = this.#last.get(name);
    if (last?.text === line.text) {
      last.times++;
      // 2, 4, 8, … times: it goes on, and says so ever more rarely.
      if ((last.times & (last.times - 1)) !== 0) return;
      console.log(`${soft(name.padEnd(14))} ${soft(`… ${last.times} times: ${line.text}`)}`);
      return;
    }
    this.#last.set(name, { text: line.text, times: 1 });
    const colour = line.level === "error" ? "red" : line.level === "warn" ? "yellow" : "reset";
    console.log(`${styleText(colour, name.padEnd(14))} ${line.text}`);
  };

  ready(platform: Platform, seeded: Seeded | undefined, ms: number): void {
    const { backends, place } = platform;
    const rows: [string, string, string?][] = platform.names
      .filter((name) => ["dashboard", "dm", "manage", "gateway"].includes(name))
      .map((name) => [
        name,
        platform.url(name),
        name === "gateway" ? "REST; its description is at /docs" : signIn(name, seeded),
      ]);
    if (backends.mailUrl) rows.push(["mail", backends.mailUrl, "what the platform sends"]);
    rows.push(["site", backends.sandboxUrl, "where posts are published"]);
    const choices = backends.choices.map(({ need, backend, why }) => [need, backend, why] as const);
    console.log(`\n${bold("Backends")}\n${table(choices)}`);
    console.log(`\n${bold("Ready")} in ${seconds(ms)}\n${table(rows)}`);
    console.log(`\n${soft(`Logs: ${place.logDir}   Ctrl-C stops everything.`)}\n`);
  }
}

function signIn(portal: string, seeded: Seeded | undefined): string | undefined {
  const user = seeded?.signIns.find((each) => each.portal === portal);
  return user && `${user.email}  ${user.password}`;
}

function table(rows: readonly (readonly [string, string, string?])[]): string {
  const width = (index: 0 | 1) => Math.max(...rows.map((row) => row[index].length));
  const [first, second] = [width(0), width(1)];
  return rows
    .map(([a, b, c = ""]) => `  ${a.padEnd(first)}  ${b.padEnd(second)}  ${soft(c)}`.trimEnd())
    .join("\n");
}
