import type { Budget, BudgetLimits, BudgetMetric, BudgetStanding } from "../api/shapes.ts";

export const METRICS: readonly BudgetMetric[] = ["money", "tokens", "runs"];

/** The currency of caps on money: the one that models are priced in. */
export const BUDGET_CURRENCY = "USD";

/** Millionths of a dollar in a cent. */
const MICRO_PER_CENT = 10_000;

/** One figure of a cap: money in millionths of a US dollar. */
export interface BudgetLine {
  readonly metric: BudgetMetric;
  readonly used: number;
  readonly reserved: number;
  /** 0 is no limit. */
  readonly limit: number;
  /** The company's own cap is the narrower one. */
  readonly own: boolean;
}

/** A limit in the unit of what is used. */
export function limitOf(limits: BudgetLimits | null | undefined, metric: BudgetMetric): number {
  if (metric === "money") return (limits?.money?.minorUnits ?? 0) * MICRO_PER_CENT;
  return limits?.[metric] ?? 0;
}

export function linesOf({ limits, ownLimits, platformLimits, used, reserved }: Budget): BudgetLine[] {
  return METRICS.map((metric) => {
    const amount = metric === "money" ? "costMicroUsd" : metric;
    const own = limitOf(ownLimits, metric);
    const platform = limitOf(platformLimits, metric);
    return {
      metric,
      used: used?.[amount] ?? 0,
      reserved: reserved?.[amount] ?? 0,
      limit: limitOf(limits, metric),
      own: own > 0 && (platform === 0 || own < platform),
    };
  });
}

type Filled = Pick<BudgetStanding, "used" | "reserved" | "limit">;

/** How full a cap is, 0 to 1 and past it; 0 without a limit. */
export const fullness = ({ used, reserved, limit }: Filled): number =>
  limit > 0 ? (used + reserved) / limit : 0;

/** From here on a cap is spoken of, as the platform does. */
const NEAR = 0.8;

export function budgetTone(line: Filled): "accent" | "warn" | "bad" {
  const share = fullness(line);
  if (line.limit > 0 && line.used >= line.limit) return "bad";
  return share >= NEAR ? "warn" : "accent";
}

/** The first day of the month after, YYYY-MM-DD. */
export function monthAfter(month: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}

/** Limits as they are typed; empty is no limit. */
export type LimitsForm = Readonly<Record<BudgetMetric, string>>;

const text = (value: number): string => (value > 0 ? String(value) : "");

export const formOf = (limits: BudgetLimits | null | undefined): LimitsForm => ({
  money: text((limits?.money?.minorUnits ?? 0) / 100),
  tokens: text(limits?.tokens ?? 0),
  runs: text(limits?.runs ?? 0),
});

const WHOLE = /^\d{1,12}$/;
const AMOUNT = /^\d{1,8}([.,]\d{1,2})?$/;

/** What was typed, or what is wrong with it by field. */
export function readForm(form: LimitsForm): { limits: BudgetLimits } | { problems: Partial<LimitsForm> } {
  const plain = (metric: BudgetMetric) => form[metric].replace(/[\s$]/g, "");
  const problems: { -readonly [M in BudgetMetric]?: string } = {};
  const whole = (metric: "tokens" | "runs"): number => {
    const typed = plain(metric).replace(/[.,](?=\d{3}(\D|$))/g, "");
    if (typed !== "" && !WHOLE.test(typed)) problems[metric] = "A whole number, or nothing for no limit.";
    return Number(typed);
  };
  const money = plain("money");
  if (money !== "" && !AMOUNT.test(money))
    problems.money = "An amount such as 250 or 99.50, or nothing for no limit.";
  const limits = {
    money: { minorUnits: Math.round(Number(money.replace(",", ".")) * 100), currency: BUDGET_CURRENCY },
    tokens: whole("tokens"),
    runs: whole("runs"),
  };
  return Object.keys(problems).length > 0 ? { problems } : { limits };
}
