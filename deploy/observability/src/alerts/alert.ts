/** Series over time as promtool writes them, from minute 0 on: `lm_dead_letters{durable="x"}` → `0x10 1x20`. */
export type Series = Readonly<Record<string, string>>;

/** An alarm: when it goes off, what to tell a person, and the two tests that say it does and doesn't. */
export interface Alert {
  /** Its runbook is `runbooks/<name in kebab case>.md`. */
  readonly name: string;
  /** `page`: somebody looks now. `ticket`: somebody looks on the next working day. */
  readonly severity: "page" | "ticket";
  readonly expr: string;
  /** How long the expression must hold. */
  readonly for: string;
  readonly summary: string;
  readonly description: string;
  readonly fires: Series;
  readonly quiet: Series;
  /** Minutes after which both are looked at; 30 unless said otherwise. */
  readonly afterMinutes?: number;
}

export interface AlertGroup {
  readonly name: string;
  readonly alerts: readonly Alert[];
}

export const runbookOf = (alert: Pick<Alert, "name">): string =>
  `${alert.name.replaceAll(/(?<=[a-z0-9])([A-Z])/g, "-$1").toLowerCase()}.md`;
