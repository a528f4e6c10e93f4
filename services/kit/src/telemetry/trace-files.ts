import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { ATTR } from "./attributes.ts";

/** What the files of {@link FileSpanExporter} end with. */
export const TRACE_FILE_SUFFIX = ".trace.jsonl";

const spanShape = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentId: z.string().optional(),
  service: z.string(),
  name: z.string(),
  /** Milliseconds since 1970. */
  start: z.number(),
  durationMs: z.number(),
  error: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()).default({}),
});

/** A span as it stands in a file, one JSON object a line. */
export type Span = z.output<typeof spanShape>;

/** Every span of one trace, of all processes that write to the folder; the last ones come a second after they ended. */
export async function spansOf(logDir: string, traceId: string): Promise<Span[]> {
  return (await spansWith(logDir, traceId)).filter((span) => span.traceId === traceId);
}

/** The traces in which a request took part, by its id. */
export async function tracesOfRequest(logDir: string, requestId: string): Promise<string[]> {
  const spans = await spansWith(logDir, requestId);
  return [
    ...new Set(
      spans.filter(({ attributes }) => attributes[ATTR.request] === requestId).map((span) => span.traceId),
    ),
  ];
}

async function spansWith(logDir: string, text: string): Promise<Span[]> {
  const spans: Span[] = [];
  for (const name of (await readdir(logDir)).filter((each) => each.endsWith(TRACE_FILE_SUFFIX))) {
    for await (const line of createInterface({ input: createReadStream(join(logDir, name)) }))
      if (line.includes(text)) spans.push(...readSpan(line));
  }
  return spans.sort((a, b) => a.start - b.start);
}

/** The last line of a process that was killed is cut off. */
function readSpan(line: string): Span[] {
  try {
    return [spanShape.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

/** The trace as an indented text: offset from its start, service, span, duration. */
export function traceTree(spans: readonly Span[]): string {
  const known = new Set(spans.map((each) => each.spanId));
  const begin = Math.min(...spans.map((each) => each.start));
  const lines: string[] = [];
  const show = (each: Span, depth: number) => {
    const at = `+${Math.round(each.start - begin)} ms`.padStart(10);
    lines.push(
      `${at}  ${"  ".repeat(depth)}${each.service}: ${each.name} (${Math.round(each.durationMs)} ms)${spent(each)}${each.error ? ` ✗ ${each.error}` : ""}`,
    );
    for (const child of spans) if (child.parentId === each.spanId) show(child, depth + 1);
  };
  // A parent that nobody exported (the browser's) leaves its children as roots.
  for (const each of spans) if (!each.parentId || !known.has(each.parentId)) show(each, 0);
  return lines.join("\n");
}

/** What a call of a model took, when the span is one. */
function spent({ attributes }: Span): string {
  const [model, input, output, cost] = [
    attributes[ATTR.llmModel],
    attributes[ATTR.llmInputTokens],
    attributes[ATTR.llmOutputTokens],
    attributes[ATTR.llmCost],
  ];
  if (model === undefined || input === undefined) return "";
  return ` [${model}: ${input} → ${output} tokens, ${Number(cost ?? 0) / 1_000_000} USD]`;
}
