"use client";
import { lazy, Suspense } from "react";
import { SkeletonText } from "../feedback/Skeleton.tsx";
import { cx } from "../lib/cx.ts";
import type { Citation } from "./draft-types.ts";
import { linesOf } from "./lines.ts";

const Markdown = lazy(() => import("./Markdown.tsx"));

/** Lines that are drawn for a text that is coming: more than two screens of them nobody sees. */
const MOST_LINES = 60;

/** A draft to be read: serif, 68 characters a line, citations that open on hover. */
export function DraftView({
  markdown,
  citations,
  streaming = false,
  className,
}: {
  markdown: string;
  /** Left out while they are not known: the numbers then stand as they are. */
  citations?: readonly Citation[];
  /** Shows where the agent is writing. */
  streaming?: boolean;
  className?: string;
}) {
  return (
    <article className={cx("reading", className)} aria-busy={streaming || undefined}>
      <Suspense fallback={<SkeletonText lines={Math.min(MOST_LINES, linesOf(markdown))} />}>
        <Markdown source={markdown} citations={citations} />
      </Suspense>
      {streaming ? (
        <span className="animate-breathe !mt-2 inline-block h-[1em] w-0.5 bg-agent align-text-bottom">
          <span className="sr-only">The agent is still writing</span>
        </span>
      ) : null}
    </article>
  );
}
