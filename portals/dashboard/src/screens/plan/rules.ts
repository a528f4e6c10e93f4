import type { ActivityTemplate, Channel, Deliverable, Plan, PlanInput } from "@leadmetrics/web";

/** A plan while it is written. Rows carry a key of their own, because two can be alike. */
export interface PlanForm {
  title: string;
  start: string;
  end: string;
  rows: (Omit<Deliverable, "ref" | "channelRef"> & { key: string })[];
}

export const MAX_QUANTITY = 500;
export const MAX_ROWS = 20;

/** Next month as a plan: "December 2026", four blog posts, six social posts. */
export function emptyPlan(now: Date, locale: string): PlanForm {
  const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  const end = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 0));
  const title = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(
    start,
  );
  const day = (date: Date) => date.toISOString().slice(0, 10);
  return {
    title,
    start: day(start),
    end: day(end),
    rows: [
      { key: "1", contentType: "blog_post", quantity: 4 },
      { key: "2", contentType: "social_post", quantity: 6 },
    ],
  };
}

export const toForm = (plan: Plan): PlanForm => ({
  title: plan.title,
  start: plan.start,
  end: plan.end,
  rows: plan.deliverables.map(({ ref, channelRef: _first, ...row }, index) => ({
    ...row,
    key: ref ?? String(index),
  })),
});

/**
 * Blog posts go to the one connected site until the person says otherwise: without a channel an approved post would stay
 * unpublished. With several there is no guessing.
 */
export function withChannel(form: PlanForm, channels: readonly Pick<Channel, "ref" | "status">[]): PlanForm {
  const connected = channels.filter((one) => one.status === "connected");
  const [only] = connected;
  if (!only || connected.length > 1) return form;
  const rows = form.rows.map((row) =>
    row.contentType === "blog_post" && row.channelRefs === undefined
      ? { ...row, channelRefs: [only.ref] }
      : row,
  );
  return { ...form, rows };
}

/** What is sent: empty choices are left out. */
export const toInput = (form: PlanForm): PlanInput => ({
  title: form.title.trim(),
  start: form.start,
  end: form.end,
  deliverables: form.rows.map((row) => ({
    contentType: row.contentType,
    quantity: row.quantity,
    theme: row.theme?.trim() || undefined,
    channelRefs: row.channelRefs?.length ? row.channelRefs : undefined,
    goalRef: row.goalRef || undefined,
  })),
});

export const itemsOf = (form: Pick<PlanForm, "rows">): number =>
  form.rows.reduce((sum, row) => sum + row.quantity, 0);

/** What one row's agent work costs, by the templates' figures. */
export function creditsOf(
  row: Pick<Deliverable, "contentType" | "quantity">,
  templates: readonly ActivityTemplate[],
): number {
  const each = templates.find((one) => one.contentType === row.contentType)?.credits ?? 0;
  return each * row.quantity;
}

/** What all rows cost together. */
export const creditsOfAll = (
  rows: readonly Pick<Deliverable, "contentType" | "quantity">[],
  templates: readonly ActivityTemplate[],
): number => rows.reduce((sum, row) => sum + creditsOf(row, templates), 0);

/** What is wrong with a plan, by field; empty when it can be sent. */
export function mistakes(form: PlanForm): Record<string, string> {
  const wrong: Record<string, string> = {};
  if (!form.title.trim()) wrong.title = "Give the plan a name.";
  if (!form.start) wrong.start = "Choose the first day.";
  if (!form.end) wrong.end = "Choose the last day.";
  if (form.start && form.end && form.end < form.start) wrong.end = "The last day is before the first.";
  const days = (Date.parse(form.end) - Date.parse(form.start)) / 86_400_000;
  if (days > 366) wrong.end = "A plan is at most a year long.";
  if (form.rows.length === 0) wrong.deliverables = "Add at least one deliverable.";
  if (form.rows.some((row) => row.quantity < 1))
    wrong.deliverables = "A deliverable needs at least one item; remove the row instead.";
  if (form.rows.some((row) => row.quantity > MAX_QUANTITY))
    wrong.deliverables = `At most ${MAX_QUANTITY} items in a row.`;
  return wrong;
}
