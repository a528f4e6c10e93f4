"use client";
import { type Column, cx, DataTable } from "@leadmetrics/ui";
import {
  adminQueries,
  type Budget,
  type BudgetLine,
  budgetTone,
  fullness,
  linesOf,
  METRICS,
  metricNames,
  useAmount,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { placeKey, placeTitle } from "./words.ts";

const TEXT = { accent: "", warn: "font-semibold text-warn-text", bad: "font-semibold text-bad" } as const;

/** Caps with what is used of each, and who said so; a row opens. */
export function CapTable({
  budgets,
  withUse,
  open,
  onOpen,
}: {
  budgets: readonly Budget[];
  /** Of one tenant; the platform's defaults have no use of their own. */
  withUse: boolean;
  open: Budget | undefined;
  onOpen: (budget: Budget) => void;
}) {
  const format = useFormat();
  const people = useQuery(adminQueries.users());
  const nameOf = (ref: string) => {
    const who = people.data?.items.find((one) => one.ref === ref);
    return who?.name || who?.email || "";
  };
  const counts = (row: Budget) => withUse && row.scope !== "activity";
  const columns: Column<Budget>[] = [
    {
      key: "place",
      header: "Cap",
      cell: (row) => (
        <>
          <span className={row.scope === "tenant" ? "font-semibold" : undefined}>{placeTitle(row)}</span>
          {/* What the other columns say, where there is no room for them. */}
          <span className="block text-xs text-muted md:hidden">
            <Figure line={fullest(row)} withUse={counts(row)} />
          </span>
        </>
      ),
    },
    ...METRICS.map(
      (metric): Column<Budget> => ({
        key: metric,
        header: metricNames[metric],
        cell: (row) => (
          <Figure line={linesOf(row).find((line) => line.metric === metric)} withUse={counts(row)} />
        ),
        align: "right",
        width: "11rem",
        wide: true,
      }),
    ),
    {
      key: "said",
      header: withUse ? "Said by" : "Set by",
      cell: (row) => (
        <span className="whitespace-nowrap text-muted">
          {[
            withUse && row.followsDefault ? "the platform's default" : nameOf(row.setBy),
            row.setOn ? format.date(row.setOn) : "",
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      ),
      width: "15rem",
      wide: true,
    },
  ];
  return (
    <DataTable
      label="Caps"
      columns={columns}
      rows={budgets}
      rowKey={placeKey}
      onOpen={onOpen}
      selectedKey={open && placeKey(open)}
    />
  );
}

/** The figure of a cap that stops work first. */
function fullest(budget: Budget): BudgetLine | undefined {
  const lines = linesOf(budget).filter((line) => line.limit > 0);
  return lines.sort((a, b) => fullness(b) - fullness(a))[0];
}

function Figure({ line, withUse }: { line: BudgetLine | undefined; withUse: boolean }) {
  const amount = useAmount();
  if (!line) return <span className="text-muted">no cap</span>;
  const limit = line.limit > 0 ? amount(line.metric, line.limit) : "no cap";
  if (!withUse) return <span className={cx("tabular", line.limit === 0 && "text-muted")}>{limit}</span>;
  return (
    <span className="tabular whitespace-nowrap">
      <span className={TEXT[budgetTone(line)]}>{amount(line.metric, line.used)}</span>
      {line.limit > 0 ? <span className="text-muted"> of {limit}</span> : null}
    </span>
  );
}
