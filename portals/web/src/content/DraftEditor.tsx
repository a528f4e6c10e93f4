"use client";
import { SkeletonText } from "@leadmetrics/ui";
import { lazy, Suspense } from "react";
import type { SourceCitation } from "../api/shapes.ts";

const Editor = lazy(() => import("./editor/Editor.tsx"));

export interface DraftEditorProps {
  label: string;
  /** What it opens with; later changes come from the person alone. Give it another `key` to open something else. */
  markdown: string;
  citations?: readonly SourceCitation[];
  /** The text as Markdown, shortly after the person paused. */
  onChange: (markdown: string) => void;
}

/** A draft to be edited as it reads. Loaded when it is first needed. */
export function DraftEditor(props: DraftEditorProps) {
  return (
    <Suspense fallback={<SkeletonText lines={12} />}>
      <Editor {...props} />
    </Suspense>
  );
}
