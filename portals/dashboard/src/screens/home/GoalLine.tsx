"use client";
import { BurnUp, cx, pace } from "@leadmetrics/ui";
import { type Goal, useFormat } from "@leadmetrics/web";
import { metricWords, timeOf } from "./sentence.ts";

/** A goal as a small burn-up: where it is against where it should be by now. */
export function GoalLine({ goal, now }: { goal: Goal; now: number }) {
  const format = useFormat();
  const time = timeOf(goal, now);
  const stands = pace(goal, time.at);
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-baseline justify-between gap-3 text-sm">
        <span className="min-w-0 truncate" title={goal.name} dir="auto">
          {goal.name}
        </span>
        <span className={cx("shrink-0", stands === "behind" ? "text-warn-text" : "text-muted")}>
          {stands}
        </span>
      </div>
      <p className="tabular text-lg font-semibold">
        {format.number(goal.current, 1)}
        <span className="text-sm font-normal text-muted">
          {" "}
          of {format.number(goal.target, 1)} {metricWords(goal.metric)} by{" "}
          {format.date(goal.due ?? undefined)}
        </span>
      </p>
      <BurnUp
        title={goal.name}
        baseline={goal.baseline}
        target={goal.target}
        snapshots={(goal.snapshots ?? []).map((one) => ({ at: one.takenOn ?? "", value: one.value }))}
        from={new Date(time.from).toISOString()}
        to={new Date(time.to).toISOString()}
        format={(value) => format.number(value, 1)}
        now={now}
      />
    </div>
  );
}
