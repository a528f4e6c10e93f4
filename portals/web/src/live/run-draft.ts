/** What an agent writes, as Markdown for reading: its answer carries a head or is data, and may not be complete yet. */
export function readableRun(text: string): string {
  const start = text.trimStart();
  if (start.startsWith("---")) return fromHead(start);
  if (start.startsWith("{")) return fromItems(start);
  return text;
}

/** `--- title, slug, excerpt ---` and the body: the title becomes the heading, the excerpt stands under it. */
function fromHead(text: string): string {
  const [, head = "", body = ""] =
    /^---[^\n]*\n?([\s\S]*?)(?:\n---[^\n]*(?:\n([\s\S]*))?)?$/.exec(text) ?? [];
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.+)$`, "m").exec(head)?.[1]?.trim() ?? "";
  const title = field("title");
  const excerpt = field("excerpt");
  const heading = title && !/^\s*#\s/.test(body) ? `# ${title}` : "";
  return [heading, excerpt ? `*${excerpt}*` : "", body.trimStart()].filter(Boolean).join("\n\n");
}

/** A plan is written as data: the titles it has chosen so far, numbered. So is a client context: what it has found. */
function fromItems(text: string): string {
  const found = [...text.matchAll(/"text"\s*:\s*("(?:[^"\\]|\\.)*")/g)].map((match) => unquoted(match[1]));
  if (found.length > 0) return found.map((each) => `- ${each}`).join("\n");
  const titles = [...text.matchAll(/"title"\s*:\s*("(?:[^"\\]|\\.)*")/g)].map((match) => unquoted(match[1]));
  return titles.map((title, index) => `${index + 1}. ${title}`).join("\n");
}

function unquoted(json = '""'): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json.slice(1, -1);
  }
}
