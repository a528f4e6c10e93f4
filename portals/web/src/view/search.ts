import type { PaletteAction } from "@leadmetrics/ui";
import { search } from "../api/frame.ts";
import type { SearchHit } from "../api/shapes.ts";

/** What the search service finds, as lines of the palette. */
export function searchPalette(
  portal: "tenant" | "dm",
  hrefOf: (hit: SearchHit) => string | undefined,
  go: (href: string) => void,
) {
  return async (text: string, signal: AbortSignal): Promise<readonly PaletteAction[]> => {
    const [{ items }, { linesOf }] = await Promise.all([search(portal, text, signal), import("./found.ts")]);
    return linesOf(items, hrefOf, go);
  };
}
