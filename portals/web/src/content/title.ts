import type { Revision } from "../api/shapes.ts";

/** The title belongs to the revision; a body that repeats it as its first heading shows it once. */
export function withTitle(revision: Pick<Revision, "title" | "body">): string {
  const first = /^\s*#\s+(.+?)\s*$/m.exec(revision.body.split("\n", 3).join("\n"));
  if (first?.[1]?.trim().toLowerCase() === revision.title.trim().toLowerCase()) return revision.body;
  return `# ${revision.title}\n\n${revision.body}`;
}
