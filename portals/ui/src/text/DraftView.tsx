"use client";
import { lazy, Suspense } from "react";
import { SkeletonText } from "../feedback/Skeleton.tsx";
import { cx } from "../lib/cx.ts";
import type { Citation } from "./draft-types.ts";

const Markdown = lazy(() => import("./Markdown.tsx"));

/** Characters on a line of the reading view. */
const LINE = 68;

/** About as many lines as the text will have, so that what is below stays where it is. */
const linesOf = (markdown: string): number =>
  markdown.split("\n").reduce((lines, paragraph) => lines + Math.ceil(paragraph.length / LINE), 0);

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
      <Suspense fallback={<SkeletonText lines={linesOf(markdown)} />}>
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
