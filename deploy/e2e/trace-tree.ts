import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** A span as the kit writes it to a file, one JSON object a line. */
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentId: z.string().optional(),
  service: z.string(),
  name: z.string(),
  /** Milliseconds since 1970. */
  start: z.number(),
  durationMs: z.number(),
  error: z.string().optional(),
});
export type Span = z.output<typeof span>;

/** Every span of one trace, of all processes that wrote to the folder; the last ones come a second after they ended. */
export async function spansOf(logDir: string, traceId: string): Promise<Span[]> {
  const spans: Span[] = [];
  for (const name of (await readdir(logDir)).filter((each) => each.endsWith(".trace.jsonl"))) {
    for (const line of (await readFile(join(logDir, name), "utf8")).split("\n")) {
      if (line.includes(traceId)) spans.push(span.parse(JSON.parse(line)));
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}

/** The trace as an indented text: offset from its start, service, span, duration. */
export function traceTree(spans: readonly Span[]): string {
  const known = new Set(spans.map((each) => each.spanId));
  const begin = Math.min(...spans.map((each) => each.start));
  const lines: string[] = [];
  const show = (each: Span, depth: number) => {
    const at = `+${Math.round(each.start - begin)} ms`.padStart(10);
    lines.push(
      `${at}  ${"  ".repeat(depth)}${each.service}: ${each.name} (${Math.round(each.durationMs)} ms)${each.error ? ` ✗ ${each.error}` : ""}`,
    );
    for (const child of spans) if (child.parentId === each.spanId) show(child, depth + 1);
  };
  // A parent that nobody exported (the browser's) leaves its children as roots.
  for (const each of spans) if (!each.parentId || !known.has(each.parentId)) show(each, 0);
  return lines.join("\n");
}
