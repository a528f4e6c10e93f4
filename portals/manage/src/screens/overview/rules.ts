import type { BudgetStanding, DeadLetter, Run, Standing, Tenant, Trouble } from "@leadmetrics/web";

const DAY_MS = 86_400_000;

/** The last `days` UTC days as `2026-12-31`, oldest first, today last. */
export function lastDays(days: number, nowMs: number): string[] {
  return Array.from({ length: days }, (_, back) =>
    new Date(nowMs - (days - 1 - back) * DAY_MS).toISOString().slice(0, 10),
  );
}

/** A value for each day; days without a row count 0, several rows of a day are added up. */
export function perDay<Row extends { day: string }>(
  rows: readonly Row[],
  days: readonly string[],
  value: (row: Row) => number,
): number[] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row.day, (sums.get(row.day) ?? 0) + value(row));
  return days.map((day) => sums.get(day) ?? 0);
}

export type Need =
  | { kind: "dead_letter"; key: string; letter: DeadLetter; since?: string }
  | { kind: "activity" | "channel"; key: string; trouble: Trouble; since?: string }
  | { kind: "run"; key: string; run: Run; since?: string }
  | { kind: "credits"; key: string; standing: Standing; since?: string }
  | {
      kind: "cap";
      key: string;
      standing: BudgetStanding;
      /** Activities of the tenant that are near theirs as well. */
      others: number;
      /** Runs that wait for it. */
      waiting: number;
      since?: string;
    }
  | { kind: "suspended"; key: string; tenant: Tenant; since?: string };

/** A tenant is near its end when less than this share of a month's credits, or of its cap, is left. */
const NEAR = 0.2;

/** Share of the tenant's credits that is left, by balance or by cap, whichever is nearer its end; 1 when neither is known. */
export function creditsLeft({ balance, monthlyCredits }: Standing): number {
  if (!balance) return 1;
  const byBalance = monthlyCredits > 0 ? balance.available / monthlyCredits : 1;
  const byCap =
    balance.monthlyCap > 0 ? (balance.monthlyCap - balance.spentThisMonth) / balance.monthlyCap : 1;
  return Math.max(0, Math.min(1, byBalance, byCap));
}

/** What needs a person, what stops work first: dead letters, stuck work, channels, waiting runs, credits, suspended tenants. */
export function needsOf(all: {
  letters: readonly DeadLetter[];
  troubles: readonly Trouble[];
  waiting: readonly Run[];
  standings: readonly Standing[];
  /** Near or at a cap. */
  caps: readonly BudgetStanding[];
  tenants: readonly Tenant[];
}): Need[] {
  const caps = fullestOf(all.caps);
  // What waits at a cap is said once, with the cap: its activity's where that is full, else the tenant's.
  const capOf = (run: Run): BudgetStanding | undefined => {
    if (run.errorClass !== "budget") return undefined;
    const own = all.caps.filter(({ tenantRef }) => tenantRef === run.tenantRef);
    const isFull = own.some(
      (cap) => cap.activityRef && cap.activityRef === run.activityRef && isReached(cap),
    );
    const shown = caps.filter(({ tenantRef }) => tenantRef === run.tenantRef);
    const wanted = shown.find((cap) => (cap.scope === "activity") === isFull);
    return wanted ?? shown[0];
  };
  const suspended = all.tenants.filter((tenant) => tenant.status === "suspended");
  return [
    ...all.letters.map(
      (letter): Need => ({ kind: "dead_letter", key: `d${letter.sequence}`, letter, since: letter.deadOn }),
    ),
    ...all.troubles.map(
      (trouble): Need => ({ kind: trouble.kind, key: trouble.ref, trouble, since: trouble.since }),
    ),
    ...caps.map(
      (standing): Need => ({
        kind: "cap",
        key: `b${lineOf(standing)}`,
        standing,
        others: standing.scope === "activity" ? activitiesOf(all.caps, standing.tenantRef) - 1 : 0,
        waiting: all.waiting.filter((run) => capOf(run) === standing).length,
      }),
    ),
    ...all.waiting
      .filter((run) => !capOf(run))
      .map((run): Need => ({ kind: "run", key: run.ref, run, since: run.requestedOn ?? undefined })),
    ...all.standings
      .filter((standing) => creditsLeft(standing) < NEAR)
      .map((standing): Need => ({ kind: "credits", key: `c${standing.tenantRef}`, standing })),
    ...suspended.map((tenant): Need => ({ kind: "suspended", key: `s${tenant.ref}`, tenant })),
  ];
}

const isReached = ({ used, limit }: BudgetStanding): boolean => used >= limit;

/** A tenant's months are one line, its activities another. */
const lineOf = ({ tenantRef, scope }: BudgetStanding): string =>
  scope === "activity" ? `${tenantRef} activities` : tenantRef;

const activitiesOf = (caps: readonly BudgetStanding[], tenantRef: string): number =>
  new Set(caps.flatMap((cap) => (cap.tenantRef === tenantRef && cap.activityRef ? [cap.activityRef] : [])))
    .size;

/** The fullest cap of each line. They come the fullest first. */
function fullestOf(caps: readonly BudgetStanding[]): BudgetStanding[] {
  const seen = new Set<string>();
  return caps.filter((cap) => !seen.has(lineOf(cap)) && seen.add(lineOf(cap)));
}
