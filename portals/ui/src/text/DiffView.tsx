"use client";
import { lazy, Suspense } from "react";
import { whenIdle } from "../lib/idle.ts";

const words = () => import("./Words.tsx");
const Words = lazy(words);
// A page that can show differences fetches what finds them before anybody asks.
whenIdle(words);

/** The difference between two versions of a text, word by word. */
export function DiffView({ before, after }: { before: string; after: string }) {
  if (before === after) return <p className="text-sm text-muted">Nothing changed in the text.</p>;
  return (
    // The text as it is now stands in its place until then: what is below stays where it is.
    <Suspense
      fallback={
        <div aria-busy className="reading whitespace-pre-wrap">
          {after}
        </div>
      }
    >
      <Words before={before} after={after} />
    </Suspense>
  );
}
