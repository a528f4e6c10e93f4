"use client";
import { useEffect, useMemo, useState } from "react";
import { SkeletonText } from "../feedback/Skeleton.tsx";
import { inSlices } from "../lib/slices.ts";
import { Blocks } from "./diff/Blocks.tsx";
import { type Compared, compare } from "./diff/compare.ts";
import { extentOf, extentText, readsTheSame } from "./diff/words.ts";
import { useGrowing } from "./growing.ts";

/** Blocks drawn in one go. */
const TOGETHER = 24;

/** The lines that hold the place of a text while it is compared. */
const LINES = 14;

/** The difference of two Markdown texts as they read: words that changed, and the same words set otherwise. */
export default function Reading({ before, after }: { before: string; after: string }) {
  const [found, setFound] = useState<readonly Compared[]>();
  useEffect(() => {
    let left = false;
    void inSlices(compare(before, after), () => left).then((blocks) => {
      if (blocks && !left) setFound(blocks);
    });
    return () => {
      left = true;
    };
  }, [before, after]);
  if (!found)
    return (
      <div aria-busy className="reading">
        <SkeletonText lines={LINES} />
      </div>
    );
  if (readsTheSame(found))
    return (
      <p className="text-sm text-muted">
        It reads the same: only the marks it is written with changed, not a word and not how one is set.
      </p>
    );
  return (
    <div>
      <p className="mb-4 text-sm text-muted" dir="ltr">
        {extentText(extentOf(found))}.
      </p>
      <Drawn blocks={found} />
    </div>
  );
}

function Drawn({ blocks }: { blocks: readonly Compared[] }) {
  const parts = useMemo(() => partsOf(blocks), [blocks]);
  const drawn = useGrowing(parts.length);
  return (
    <div className="reading" aria-busy={drawn < parts.length || undefined}>
      {parts.slice(0, drawn).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one comparison stay in their order
        <Blocks key={index} blocks={part} />
      ))}
    </div>
  );
}

/** A few blocks at a time; what stands together isn't torn apart. */
function partsOf(blocks: readonly Compared[]): readonly Compared[][] {
  const parts: Compared[][] = [[]];
  for (const one of blocks) {
    const apart = one.kind.name === "heading" || one.kind.name === "paragraph";
    if (apart && (parts.at(-1)?.length ?? 0) >= TOGETHER) parts.push([]);
    parts.at(-1)?.push(one);
  }
  return parts;
}
