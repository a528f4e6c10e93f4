"use client";
import { lazy, Suspense } from "react";
import { whenIdle } from "../lib/idle.ts";

const reading = () => import("./Reading.tsx");
const Reading = lazy(reading);
const Words = lazy(() => import("./Words.tsx"));
// A page that can show differences fetches what finds them before anybody asks.
whenIdle(reading);

/**
 * The difference between two versions of a Markdown text, word by word.
 *
 * @param asWritten letter by letter with the marks, for texts whose marks are read too: what a model is told
 */
export function DiffView({
  before,
  after,
  asWritten = false,
}: {
  before: string;
  after: string;
  asWritten?: boolean;
}) {
  if (before === after) return <p className="text-sm text-muted">Nothing changed in the text.</p>;
  const Found = asWritten ? Words : Reading;
  return (
    // The text as it is now stands in its place until then: what is below stays where it is.
    <Suspense
      fallback={
        <div aria-busy className="reading whitespace-pre-wrap">
          {after}
        </div>
      }
    >
      <Found before={before} after={after} />
    </Suspense>
  );
}
