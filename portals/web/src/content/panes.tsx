"use client";
import { type Citation, DraftView, EmptyState, SkeletonText } from "@leadmetrics/ui";
import { lazy, Suspense } from "react";
import type { Revision } from "../api/shapes.ts";
import { withTitle } from "./title.ts";

const Revisions = lazy(() => import("./Revisions.tsx"));

const toCitation = ({ number, title, locator, excerpt }: Revision["citations"][number]): Citation => ({
  number,
  title: locator ? `${title}, ${locator}` : title,
  excerpt,
});

/** Said wherever a draft that no model wrote is shown. */
export function OfflineLabel() {
  return (
    <p className="mb-4 inline-flex items-center rounded-full border border-warn/60 px-2 py-0.5 text-xs text-warn-text">
      Offline draft: composed without a language model
    </p>
  );
}

/** One revision to be read. */
export function DraftPane({ revision }: { revision: Revision }) {
  return (
    <div>
      {revision.offlineDraft ? <OfflineLabel /> : null}
      <DraftView markdown={withTitle(revision)} citations={revision.citations.map(toCitation)} />
    </div>
  );
}

/** Two revisions against each other, word by word; starts with the last change. */
export function RevisionsPane({ revisions }: { revisions: readonly Revision[] }) {
  const [newest, before] = revisions;
  if (!newest || !before) {
    return (
      <EmptyState icon="file-diff" title="One version so far">
        When a draft is revised, the words that changed are shown here.
      </EmptyState>
    );
  }
  return (
    <Suspense fallback={<SkeletonText />}>
      <Revisions revisions={revisions} newest={newest} before={before} />
    </Suspense>
  );
}
