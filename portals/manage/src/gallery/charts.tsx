"use client";
import { Bars, BurnUp, DayBars, Ranking, Sparkline } from "@leadmetrics/ui";
import { Shelf, State } from "./Shelf.tsx";

const days = Array.from({ length: 14 }, (_, index) => `2026-12-${String(index + 1).padStart(2, "0")}`);
const wave = (offset: number) => days.map((_, index) => Math.round(8 + 7 * Math.sin(index / 2 + offset)));
const number = (value: number): string => String(value);

export function ChartShelves() {
  return (
    <>
      <Shelf name="Sparkline" does="A row of values as a small line.">
        <span className="flex flex-wrap gap-8">
          <Sparkline values={wave(0)} label="Runs" />
          <Sparkline values={[0, 0, 0, 0]} label="Nothing yet" />
          <Sparkline values={[4]} label="One value" />
        </span>
      </Shelf>
      <Shelf name="DayBars" does="Amounts by day, stacked, from zero; the numbers one press away.">
        <State name="one series">
          <DayBars
            title="Runs"
            days={days}
            series={[{ name: "Runs", values: wave(1) }]}
            format={number}
            formatDay={(day) => day.slice(5)}
          />
        </State>
        <State name="five series">
          <DayBars
            title="Runs by role"
            days={days}
            series={["Writer", "Researcher", "Planner", "Briefs", "Others"].map((name, index) => ({
              name,
              values: wave(index),
            }))}
            format={number}
            formatDay={(day) => day.slice(5)}
          />
        </State>
      </Shelf>
      <Shelf name="Ranking" does="Who has the most of something.">
        <Ranking
          title="Spend"
          rows={[
            { key: "a", label: "Crumb & Co Bakery", value: 42, note: "18 runs" },
            { key: "b", label: "Nordwind Reisen", value: 17 },
            {
              key: "c",
              label: "A company with a name that is too long for the place it has been given here",
              value: 0,
            },
          ]}
          format={(value) => `$${value}`}
        />
      </Shelf>
      <Shelf name="Bars" does="Counts against what was promised.">
        <Bars
          title="This period"
          bars={[
            { key: "1", label: "Blog posts", done: 3, target: 4 },
            { key: "2", label: "Social posts", done: 12, target: 10, note: "done" },
            { key: "3", label: "Newsletters", done: 0, target: 1 },
          ]}
        />
      </Shelf>
      <Shelf name="BurnUp" does="A goal's way from where it began to where it should end.">
        <div className="max-w-64">
          <BurnUp
            title="Visits"
            baseline={100}
            target={500}
            from="2026-10-01"
            to="2027-03-31"
            now={Date.parse("2026-12-01")}
            snapshots={[
              { at: "2026-10-20", value: 140 },
              { at: "2026-11-12", value: 230 },
              { at: "2026-11-30", value: 260 },
            ]}
            format={number}
          />
        </div>
      </Shelf>
    </>
  );
}
