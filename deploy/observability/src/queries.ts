/** Names of series in a PromQL expression, with the labels each is narrowed down by. */
export function seriesIn(expr: string): { name: string; labels: string[] }[] {
  const found: { name: string; labels: string[] }[] = [];
  const plain = expr
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ")
    .replaceAll(/\[[^\]]*\]/g, " ");
  for (const [, name = "", selector = ""] of plain.matchAll(
    /([a-zA-Z_:][\w:]*)(?!\w)\s*(\{[^}]*\})?(?!\s*\()/g,
  )) {
    if (KEYWORDS.has(name)) continue;
    found.push({
      name,
      labels: [...selector.matchAll(/([a-zA-Z_]\w*)\s*(?:=|!)/g)].map(([, label = ""]) => label),
    });
  }
  return found;
}

const KEYWORDS = new Set(["and", "or", "unless", "bool", "offset"]);

/** An expression of a dashboard with its variables filled in. */
export const withoutVariables = (expr: string): string =>
  expr.replaceAll("$__rate_interval", "5m").replaceAll(/\$\w+/g, "x");
