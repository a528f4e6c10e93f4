"use client";
import { lazy, Suspense } from "react";
import { SkeletonText } from "../feedback/Skeleton.tsx";

const Words = lazy(() => import("./Words.tsx"));

/** The difference between two versions of a text, word by word. */
export function DiffView({ before, after }: { before: string; after: string }) {
  if (before === after) return <p className="text-sm text-muted">Nothing changed in the text.</p>;
  return (
    <Suspense fallback={<SkeletonText />}>
      <Words before={before} after={after} />
    </Suspense>
  );
}
