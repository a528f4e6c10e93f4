import type { PaletteAction } from "@leadmetrics/ui";
import type { SearchHit } from "../api/shapes.ts";

const kinds: Record<string, string> = {
  activities: "Content",
  blog_posts: "Blog post",
  social_posts: "Social post",
  strategies: "Strategy",
  goals: "Goal",
  channels: "Channel",
  knowledge_files: "Knowledge",
  newsletters: "Newsletter",
  landing_pages: "Landing page",
  campaigns: "Campaign",
  leads: "Lead",
  contacts: "Contact",
  reports: "Report",
};

/** Hits as lines of the palette. Those without a page of their own are left out. */
export function linesOf(
  hits: readonly SearchHit[],
  hrefOf: (hit: SearchHit) => string | undefined,
  go: (href: string) => void,
): readonly PaletteAction[] {
  return oneOfEach(hits).flatMap((hit) => {
    const href = hrefOf(hit);
    if (!href) return [];
    return [
      {
        id: `${hit.collection}:${hit.ref}`,
        label: hit.title,
        note: kinds[hit.collection] ?? hit.collection,
        href,
        run: () => go(href),
      },
    ];
  });
}

/** An item stands in the collection of its kind and among all activities: once is enough, under the more exact name. */
function oneOfEach(hits: readonly SearchHit[]): readonly SearchHit[] {
  const best = new Map<string, SearchHit>();
  for (const hit of hits) {
    const known = best.get(hit.ref);
    if (!known || known.collection === "activities") best.set(hit.ref, hit);
  }
  return [...best.values()];
}
