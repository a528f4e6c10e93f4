"use client";
import { DayBars, EmptyState, Figure, Figures, Page, Ranking, Section, Select } from "@leadmetrics/ui";
import { Query, type ReviewStats, reviewQueries, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { reasonWords } from "./queue/reasons.ts";
import { summaryOf } from "./stats/rules.ts";

const spans = [
  ["7", "7 days"],
  ["30", "30 days"],
  ["90", "90 days"],
].map(([value = "", label = ""]) => ({ value, label }));

/** What I decided, how much I changed, and why I said no. */
export function StatsScreen() {
  const format = useFormat();
  const [days, setDays] = useState("30");
  const stats = useQuery(reviewQueries.stats(Number(days), format.manner.timeZone));
  return (
    <Page title="My stats">
      <Select
        className="mb-6 max-w-48"
        hideLabel
        label="Time"
        choices={spans}
        value={days}
        onChange={setDays}
      />
      <Query of={stats}>{(data) => <Figured stats={data} />}</Query>
    </Page>
  );
}

function Figured({ stats }: { stats: ReviewStats }) {
  const format = useFormat();
  const { decided, perDay, rejectedShare, editedShare } = summaryOf(stats);
  if (decided === 0)
    return (
      <EmptyState icon="chart-column" title="No decision in these days">
        Every draft you approve, edit or reject counts here. Nobody else sees these figures.
      </EmptyState>
    );
  const number = (value: number) => format.number(value, value % 1 ? 1 : 0);
  return (
    <div className="flex flex-col gap-10">
      <Figures>
        <Figure label="Decided" value={number(decided)} note={`${number(perDay)} a day`} />
        <Figure label="Sent back" value={format.percent(rejectedShare)} note="of what you decided" />
        <Figure
          label="Edit distance"
          value={editedShare === undefined ? "–" : format.percent(editedShare)}
          note="of the drafts you edited"
        />
        <Figure
          label="Words changed"
          value={number(stats.wordsChanged)}
          note={`of ${number(stats.wordsTotal)}`}
        />
      </Figures>
      <Section title="Decisions by day">
        <DayBars
          title="Decisions"
          days={stats.days.map(({ day }) => day ?? "")}
          series={[
            { name: "Approved", values: stats.days.map(({ approved }) => approved) },
            { name: "Edited and approved", values: stats.days.map(({ edited }) => edited) },
            { name: "Rejected", values: stats.days.map(({ rejected }) => rejected) },
          ]}
          format={number}
          formatDay={format.day}
        />
      </Section>
      <Section title="Why drafts went back">
        {stats.reasons.length === 0 ? (
          <p className="text-sm text-muted">No rejection had a reason yet.</p>
        ) : (
          <Ranking
            title="Rejections by reason"
            rows={stats.reasons.flatMap(({ reason, count }) =>
              reason ? [{ key: reason, label: reasonWords[reason], value: count }] : [],
            )}
            format={number}
          />
        )}
      </Section>
    </div>
  );
}
