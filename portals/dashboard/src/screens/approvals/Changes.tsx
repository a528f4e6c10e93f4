"use client";
import { DiffView, EmptyState, Select } from "@leadmetrics/ui";
import { type Revision, useFormat, withTitle } from "@leadmetrics/web";
import { useState } from "react";
import { comparedWith } from "./rules.ts";

/** What changed since I read it last, word by word; any other version can be chosen. */
export function Changes({
  revisions,
  present,
  lastSeenRef,
}: {
  revisions: readonly Revision[];
  present: Revision;
  lastSeenRef: string | undefined;
}) {
  const format = useFormat();
  const usual = comparedWith(revisions, present, lastSeenRef);
  const [chosen, setChosen] = useState<string>();
  const before = revisions.find((one) => one.ref === chosen) ?? usual;
  if (!before)
    return (
      <EmptyState icon="file-diff" title="The first version you get">
        When it comes back changed, the words that changed since you read it are shown here.
      </EmptyState>
    );
  const others = revisions.filter((one) => one.ref !== present.ref);
  return (
    <div className="flex flex-col gap-5">
      <Select
        className="max-w-sm"
        label={`What changed in version ${present.number} since`}
        choices={others.map((one) => ({
          value: one.ref,
          label: `Version ${one.number}`,
          note: [one.ref === lastSeenRef ? "you read it" : "", format.dateTime(one.createdOn)]
            .filter(Boolean)
            .join(" · "),
        }))}
        value={before.ref}
        onChange={setChosen}
      />
      <DiffView before={withTitle(before)} after={withTitle(present)} />
    </div>
  );
}
