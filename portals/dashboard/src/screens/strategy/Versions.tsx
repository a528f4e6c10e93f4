"use client";
import { DiffView, EmptyState, Select, SkeletonText } from "@leadmetrics/ui";
import { actorName, clientQueries, Query, type StrategyVersion, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asText, withOtherText } from "./versions.ts";

/** Two versions against each other, word by word; starts with the last change of the text or the goals. */
export function Versions({ strategyRef }: { strategyRef: string }) {
  const versions = useQuery(clientQueries.strategyVersions(strategyRef));
  return (
    <Query of={versions} loading={<SkeletonText />}>
      {({ items }) => <Compare versions={items} />}
    </Query>
  );
}

function Compare({ versions }: { versions: readonly StrategyVersion[] }) {
  const format = useFormat();
  const [newest] = versions;
  const before = newest ? withOtherText(versions, newest) : undefined;
  const [from, setFrom] = useState<string>();
  const [to, setTo] = useState<string>();
  if (!newest || !before)
    return (
      <EmptyState icon="file-diff" title="One text so far">
        When the strategy is changed, the words that changed are shown here.
      </EmptyState>
    );
  const choices = versions.map((one) => ({
    value: String(one.version),
    label: `Version ${one.version}`,
    note: [one.status === "approved" ? "approved" : "", actorName(one.savedBy), format.dateTime(one.savedOn)]
      .filter(Boolean)
      .join(" · "),
  }));
  const chosen = (version: string | undefined, usual: StrategyVersion) =>
    versions.find((one) => String(one.version) === version) ?? usual;
  const old = chosen(from, before);
  const now = chosen(to, newest);
  return (
    <div className="flex flex-col gap-5">
      <div className="flex max-w-lg gap-3">
        <Select
          className="min-w-0 flex-1"
          label="From"
          choices={choices}
          value={String(old.version)}
          onChange={setFrom}
        />
        <Select
          className="min-w-0 flex-1"
          label="To"
          choices={choices}
          value={String(now.version)}
          onChange={setTo}
        />
      </div>
      <DiffView before={asText(old)} after={asText(now)} />
    </div>
  );
}
