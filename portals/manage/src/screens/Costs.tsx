"use client";
import {
  DayBars,
  EmptyState,
  Figure,
  Figures,
  Page,
  Ranking,
  Section,
  Select,
  Skeleton,
} from "@leadmetrics/ui";
import { platformQueries, Query, type RunFigures, roleTitle, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type By, byKey, seriesOf, sumOf } from "./costs/rules.ts";
import { lastDays } from "./overview/rules.ts";
import { useTenantNames } from "./useTenantNames.ts";

const groupings = [
  { value: "tenant", label: "By tenant" },
  { value: "role", label: "By role" },
  { value: "model", label: "By model" },
];
const spans = [
  { value: "14", label: "14 days" },
  { value: "30", label: "30 days" },
  { value: "92", label: "92 days" },
];
const isBy = (value: string): value is By => value === "tenant" || value === "role" || value === "model";

/** What models cost: by day, and who or what spends it. */
export function CostsScreen() {
  const [by, setBy] = useState<By>("tenant");
  const [days, setDays] = useState(14);
  const figures = useQuery(platformQueries.runFigures(by, days));
  return (
    <Page title="Costs">
      <div className="mb-5 flex gap-2">
        <Select
          hideLabel
          label="Grouped"
          className="w-40"
          choices={groupings}
          value={by}
          onChange={(value) => (isBy(value) ? setBy(value) : undefined)}
        />
        <Select
          hideLabel
          label="Span"
          className="w-32"
          choices={spans}
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
        />
      </div>
      <Query of={figures} loading={<Skeleton className="h-72 w-full" />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="coins" title={`No runs in ${days} days`}>
              Costs show here as soon as an agent runs. Agents start when a client approves a plan.
            </EmptyState>
          ) : (
            <Figured items={items} by={by} days={days} />
          )
        }
      </Query>
    </Page>
  );
}

function Figured({ items, by, days }: { items: readonly RunFigures[]; by: By; days: number }) {
  const format = useFormat();
  const tenantName = useTenantNames();
  const nameOf = (key: string) =>
    by === "tenant" ? tenantName(key) : by === "role" ? roleTitle(key) : key || "none yet";
  const span = lastDays(days, Date.now());
  const total = sumOf(items);
  const groups = byKey(items);
  const spends = total.cost > 0;
  // The offline adapter costs nothing: then runs are what there is to see.
  const measure = spends ? "cost" : "runs";
  const write = spends ? format.usd : (value: number) => format.number(value);
  return (
    <div className="flex flex-col gap-8">
      <Figures>
        <Figure label="Spend" value={format.usd(total.cost)} note={`in ${days} days`} />
        <Figure
          label="Runs"
          value={format.number(total.runs)}
          note={`${format.number(total.failed)} failed`}
        />
        <Figure label="Credits" value={format.number(total.credits)} note="for these runs" />
        <Figure
          label="Tokens"
          value={format.compact(total.input + total.output)}
          note={`${format.compact(total.cached)} of them cached`}
        />
      </Figures>
      <Section title={spends ? "Spend by day" : "Runs by day"}>
        <DayBars
          title={spends ? "Spend by day" : "Runs by day"}
          days={span}
          series={seriesOf(items, span, measure, nameOf)}
          format={write}
          formatDay={format.day}
        />
      </Section>
      <Section title={spends ? "Who spends most" : "Who runs most"}>
        <Ranking
          title={spends ? "Spend" : "Runs"}
          rows={groups.slice(0, 12).map((group) => ({
            key: group.key || "none",
            label: nameOf(group.key),
            value: group[measure],
            note: spends ? `${format.number(group.runs)} runs` : `${format.number(group.credits)} credits`,
          }))}
          format={write}
        />
      </Section>
    </div>
  );
}
