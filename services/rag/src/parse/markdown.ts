import { mustDecodeText } from "./decode.ts";
import type { Block, ParsedDocument } from "./document.ts";

export function parseMarkdown(bytes: Uint8Array): ParsedDocument {
  return markdownDocument(mustDecodeText(bytes));
}

/** Blocks of Markdown text under their headings. Fenced code is kept whole; what looks like a heading in it is none. */
export function markdownDocument(source: string): ParsedDocument {
  const { body, title: declared } = withoutFrontMatter(source.replaceAll(/\r\n?/g, "\n"));
  const blocks: Block[] = [];
  const path: { level: number; text: string }[] = [];
  let lines: string[] = [];
  let fence: string | undefined;
  let title = declared;

  const flush = () => {
    const text = lines.join("\n").trim();
    if (text !== "") blocks.push({ text, headings: path.map((heading) => heading.text) });
    lines = [];
  };
  const enter = (level: number, text: string) => {
    flush();
    if (level === 1) title ??= text;
    while ((path.at(-1)?.level ?? 0) >= level) path.pop();
    if (text !== "") path.push({ level, text });
  };

  for (const line of body.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      lines.push(line);
      if (mark?.startsWith(fence)) fence = undefined;
      continue;
    }
    const atx = /^ {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*$/.exec(line);
    const underline = /^ {0,3}(=+|-+)\s*$/.exec(line)?.[1];
    if (mark) {
      fence = mark;
      lines.push(line);
    } else if (atx) {
      enter(atx[1]?.length ?? 1, plain(atx[2] ?? ""));
    } else if (underline && lines.length === 1) {
      const text = plain(lines[0] ?? "");
      lines = [];
      enter(underline.startsWith("=") ? 1 : 2, text);
    } else if (line.trim() === "") {
      flush();
    } else {
      lines.push(line);
    }
  }
  flush();
  return { title, blocks };
}

function withoutFrontMatter(source: string): { body: string; title?: string } {
  const match = /^---\n([\s\S]*?)\n(?:---|\.\.\.)\n/.exec(source);
  if (!match) return { body: source };
  const title = /^title:\s*(.+)$/m.exec(match[1] ?? "")?.[1]?.replaceAll(/^["']|["']$/g, "");
  return { body: source.slice(match[0].length), title };
}

/** A heading without its marks and links. */
function plain(heading: string): string {
  return heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[*_`]/g, "")
    .trim();
}
