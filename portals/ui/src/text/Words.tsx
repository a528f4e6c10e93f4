"use client";
import { diffWordsWithSpace } from "diff";
import { useMemo } from "react";

/** What was added and what was taken out, word by word and as it is written. */
export default function Words({ before, after }: { before: string; after: string }) {
  const parts = useMemo(() => diffWordsWithSpace(before, after), [before, after]);
  const keyed = useMemo(() => {
    let at = 0;
    return parts.map((part) => ({ ...part, key: `${at++}` }));
  }, [parts]);
  return (
    <div className="reading whitespace-pre-wrap">
      {keyed.map((part) =>
        part.added ? (
          <ins key={part.key}>
            <span className="sr-only"> added: </span>
            {part.value}
            <span className="sr-only"> (end of added) </span>
          </ins>
        ) : part.removed ? (
          <del key={part.key}>
            <span className="sr-only"> taken out: </span>
            {part.value}
            <span className="sr-only"> (end of taken out) </span>
          </del>
        ) : (
          <span key={part.key}>{part.value}</span>
        ),
      )}
    </div>
  );
}
