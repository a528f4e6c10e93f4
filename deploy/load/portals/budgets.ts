import { SCRIPT_BUDGET } from "@leadmetrics/e2e/portals/weight";

/** What a page may weigh and take: JavaScript as it comes over the wire (gzip), times on an unthrottled machine. */
export const BUDGETS = { scriptBytes: SCRIPT_BUDGET, lcpMs: 1_200, inpMs: 100, shift: 0.1 } as const;

const NAMES = { scriptBytes: "JavaScript", lcpMs: "LCP", inpMs: "INP", shift: "CLS" } as const;

type Figure = keyof typeof BUDGETS;

/** Which of the figures are over their budget. */
export function overBudget(figures: Readonly<Record<Figure, number>>): string[] {
  return (Object.keys(NAMES) as Figure[])
    .filter((figure) => figures[figure] > BUDGETS[figure])
    .map((figure) => NAMES[figure]);
}
