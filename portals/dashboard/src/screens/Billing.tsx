"use client";
import { type Column, DataTable, EmptyState, Page, Progress, Section, SkeletonRows } from "@leadmetrics/ui";
import { type CreditEntry, More, Query, roleTitle, tenantQueries, useFormat } from "@leadmetrics/web";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Caps } from "./billing/Caps.tsx";

const words: Record<CreditEntry["kind"], string> = {
  grant: "Granted",
  reserve: "Held for a run",
  settle: "Settled",
  release: "Given back",
};

/** What an entry did, in the words of somebody who pays. */
function entryWords({ kind, amount }: CreditEntry): string {
  if (kind !== "settle") return words[kind];
  return amount > 0 ? "Settled, the rest given back" : "Settled, all used";
}

/** What agent work costs: the balance, this month against its cap, and every entry behind it. */
export function BillingScreen() {
  const credits = useQuery(tenantQueries.credits);
  const subscription = useQuery(tenantQueries.subscription);
  const format = useFormat();
  return (
    <Page title="Credits" width="read">
      <div className="flex flex-col gap-10">
        <Query of={credits} loading={<SkeletonRows rows={2} />}>
          {(balance) => (
            <dl className="grid grid-cols-3 gap-6 border-y border-line py-5">
              <Figure name="Available" value={format.number(balance.available)} />
              <Figure name="Held for running work" value={format.number(balance.reserved)} />
              <div className="flex flex-col gap-1">
                <dt className="text-sm text-muted">Spent this month</dt>
                <dd className="tabular text-xl font-semibold">
                  {format.number(balance.spentThisMonth)}
                  {balance.monthlyCap > 0 ? (
                    <span className="text-sm font-normal text-muted">
                      {" "}
                      of {format.number(balance.monthlyCap)}
                    </span>
                  ) : null}
                  {balance.monthlyCap > 0 ? (
                    <Progress
                      className="mt-1"
                      label="Spent of the monthly cap"
                      value={balance.spentThisMonth / balance.monthlyCap}
                    />
                  ) : null}
                </dd>
              </div>
            </dl>
          )}
        </Query>
        {subscription.data ? (
          <p className="text-sm text-muted">
            <span className="text-text">{subscription.data.planName}</span> ·{" "}
            {format.number(subscription.data.monthlyCredits)} credits a month
            {subscription.data.renewsOn ? `, renewed on ${format.date(subscription.data.renewsOn)}` : ""}
          </p>
        ) : null}
        <Caps />
        <Ledger />
      </div>
    </Page>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex flex-col gap-1">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="tabular text-xl font-semibold">{value}</dd>
    </div>
  );
}

function Ledger() {
  const entries = useInfiniteQuery(tenantQueries.creditEntries);
  const runs = useQuery(tenantQueries.runs());
  const titleOf = (ref: string) => {
    const run = runs.data?.items.find((one) => one.ref === ref);
    return run ? `${roleTitle(run.role)}: ${run.title}` : "";
  };
  const format = useFormat();
  const columns: Column<CreditEntry>[] = [
    { key: "kind", header: "Entry", cell: entryWords },
    {
      key: "note",
      header: "For",
      cell: (row) => <span className="text-muted">{row.note || titleOf(row.runRef)}</span>,
      wide: true,
    },
    {
      key: "amount",
      header: "Credits",
      cell: (row) => `${row.amount > 0 ? "+" : ""}${format.number(row.amount)}`,
      align: "right",
      width: "6rem",
    },
    {
      key: "when",
      header: "When",
      cell: (row) => <span className="text-muted">{format.dateTime(row.createdOn ?? undefined)}</span>,
      align: "right",
      width: "9rem",
    },
  ];
  return (
    <Section title="Ledger">
      <Query of={entries}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0)
            return (
              <EmptyState icon="coins" title="No entries yet">
                Each run of an agent holds credits before it starts and settles what it used. Nothing here is
                ever changed afterwards.
              </EmptyState>
            );
          return (
            <>
              <DataTable label="Ledger" columns={columns} rows={rows} rowKey={(row) => row.ref} />
              <More of={entries} />
            </>
          );
        }}
      </Query>
    </Section>
  );
}
