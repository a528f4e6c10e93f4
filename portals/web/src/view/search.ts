import type { PaletteAction } from "@leadmetrics/ui";
import type { SearchHit } from "../api/shapes.ts";
import { tenantActions } from "../api/tenant.ts";

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

/** What the search service finds, as lines of the palette. Hits without a page of their own are left out. */
export function searchPalette(
  portal: "tenant" | "dm",
  hrefOf: (hit: SearchHit) => string | undefined,
  go: (href: string) => void,
) {
  return async (text: string, signal: AbortSignal): Promise<readonly PaletteAction[]> => {
    const { items } = await tenantActions.search(portal, text, signal);
    return oneOfEach(items).flatMap((hit) => {
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
  };
}

/** An item stands in the collection of its kind and among all activities: once is enough, under the more exact name. */
export function oneOfEach(hits: readonly SearchHit[]): readonly SearchHit[] {
  const best = new Map<string, SearchHit>();
  for (const hit of hits) {
    const known = best.get(hit.ref);
    if (!known || known.collection === "activities") best.set(hit.ref, hit);
  }
  return [...best.values()];
}
