"use client";
import { AppLink, Button, cx, OwesChip, readingMinutes } from "@leadmetrics/ui";
import {
  type Activity,
  clientActions,
  contentTypes,
  owedOf,
  tenantQueries,
  useDecide,
  useFeature,
  useMayEdit,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { type Bundle, bundlesOf, usualWords } from "./rules.ts";

/** "3 waiting · ≈ 4 min". */
export const waitingLine = (items: readonly Activity[]): string =>
  `${items.length} waiting · ≈ ${readingMinutes(usualWords(items))} min`;

/** What waits, plan by plan. */
export function Inbox({ items, selected }: { items: readonly Activity[]; selected: Activity }) {
  return (
    <nav
      aria-label="Waiting for you"
      className="sticky top-[calc(48px+var(--strip))] h-[calc(100dvh-48px-var(--strip))] w-80 shrink-0 overflow-auto border-r border-line max-md:hidden"
    >
      <p className="px-4 py-3 text-sm text-muted">{waitingLine(items)}</p>
      {bundlesOf(items).map((bundle) => (
        <section key={bundle.planRef} className="pb-3">
          <BundleHead bundle={bundle} />
          <ul>
            {bundle.items.map((one) => (
              <li key={one.ref}>
                <AppLink
                  href={`/approvals?activity=${one.ref}`}
                  aria-current={one.ref === selected.ref ? "true" : undefined}
                  className={cx(
                    "flex flex-col gap-1 border-l-2 px-4 py-2 text-sm",
                    one.ref === selected.ref
                      ? "border-accent bg-selected"
                      : "border-transparent hover:bg-hover",
                  )}
                >
                  <span className="line-clamp-2" dir="auto">
                    {one.title}
                  </span>
                  <span className="flex items-center justify-between gap-2 text-xs text-muted">
                    {contentTypes[one.contentType].one}
                    <OwesChip owed={owedOf(one)} />
                  </span>
                </AppLink>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

/** The plan's name, and its items all at once. */
function BundleHead({ bundle }: { bundle: Bundle }) {
  const plan = useQuery(tenantQueries.plan(bundle.planRef));
  return (
    <div className="flex items-center justify-between gap-2 px-4 py-1">
      <h2 className="min-w-0 truncate text-xs text-muted" dir="auto">
        {plan.data?.title ?? ""}
      </h2>
      <ApproveAll bundle={bundle} />
    </div>
  );
}

/** One press for everything of a plan that waits; ten seconds to take it back. */
export function ApproveAll({ bundle }: { bundle: Bundle }) {
  const decide = useDecide();
  const mayEdit = useMayEdit();
  const offered = useFeature("bundle_approvals");
  if (!offered || !mayEdit || bundle.items.length < 2) return null;
  const count = bundle.items.length;
  return (
    <Button
      kind="quiet"
      className="shrink-0"
      onPress={() =>
        decide({
          ref: bundle.items.map((one) => one.ref),
          message: `Approved ${count} items`,
          send: async () => {
            const { items } = await clientActions.approveBundle(
              bundle.items.map((one) => ({
                activityRef: one.ref,
                version: one.version,
                contentHash: one.contentHash,
              })),
            );
            const left = items.filter((one) => one.problem);
            if (left.length > 0)
              throw new Error(
                `${count - left.length} of ${count} are approved. ${left.map((one) => one.problem).join(" ")}`,
              );
          },
        })
      }
    >
      Approve all {count}
    </Button>
  );
}
