/** `content_brief-writer` → "Content brief writer". */
export function sentence(name: string): string {
  const text = name.replace(/[_-]+/g, " ").trim();
  return text === "" ? "" : `${text[0]?.toUpperCase()}${text.slice(1)}`;
}
