"use client";
import { Button, cx, OwesChip, readingMinutes } from "@leadmetrics/ui";
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
import { useEffect, useRef } from "react";
import { type Bundle, bundlesOf, usualWords } from "./rules.ts";

/** "3 waiting · ≈ 4 min". @param more that wait and aren't loaded */
export const waitingLine = (items: readonly Activity[], more: number): string =>
  items.length === 0
    ? `${more} waiting`
    : `${items.length + more} waiting · ≈ ${readingMinutes(usualWords(items))} min${more > 0 ? ` for ${items.length}` : ""}`;

/** What waits, plan by plan. */
export function Inbox({
  items,
  pinned,
  more,
  selected,
  onSelect,
}: {
  /** The pinned one first. */
  items: readonly Activity[];
  /** An item that a link led to and that isn't among those that are loaded. */
  pinned: Activity | undefined;
  more: number;
  selected: Activity | undefined;
  onSelect: (index: number) => void;
}) {
  const at = useRef<HTMLAnchorElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another item is another place to scroll to
  useEffect(() => {
    // What it answers with in newer browsers is no way to take it back.
    void at.current?.scrollIntoView({ block: "nearest" });
  }, [selected?.ref]);
  const row = (one: Activity) => (
    <li key={one.ref}>
      <a
        ref={one.ref === selected?.ref ? at : undefined}
        href={`/approvals?activity=${one.ref}`}
        aria-current={one.ref === selected?.ref ? "true" : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onSelect(items.indexOf(one));
        }}
        className={cx(
          "flex scroll-my-10 flex-col gap-1 border-l-2 px-4 py-2 text-sm outline-offset-[-2px]",
          one.ref === selected?.ref ? "border-accent bg-selected" : "border-transparent hover:bg-hover",
        )}
      >
        <span className="line-clamp-2" dir="auto">
          {one.title}
        </span>
        <span className="flex items-center justify-between gap-2 text-xs text-muted">
          {contentTypes[one.contentType].one}
          <OwesChip short owed={owedOf(one)} className="!h-5" />
        </span>
      </a>
    </li>
  );
  return (
    <nav
      aria-label="Waiting for you"
      className="sticky top-[calc(48px+var(--strip))] h-[calc(100dvh-48px-var(--strip))] w-80 shrink-0 overflow-auto border-r border-line max-md:hidden"
    >
      <p className="px-4 py-3 text-sm text-muted">{waitingLine(items, more)}</p>
      {pinned ? (
        <section aria-label="From the link" className="border-y border-line-strong pb-1">
          <p className="flex justify-between gap-3 px-4 pt-2 pb-1 text-xs text-muted">
            <span>From the link</span>
            <span>not among the first {items.length - 1}</span>
          </p>
          <ul>{row(pinned)}</ul>
        </section>
      ) : null}
      {bundlesOf(items.filter((one) => one !== pinned)).map((bundle) => (
        <section key={bundle.planRef} className="pb-3">
          <BundleHead bundle={bundle} />
          <ul>{bundle.items.map(row)}</ul>
        </section>
      ))}
    </nav>
  );
}

/** The plan's name, and its items all at once. */
function BundleHead({ bundle }: { bundle: Bundle }) {
  const plan = useQuery(tenantQueries.plan(bundle.planRef));
  return (
    <div className="flex min-h-10 items-center justify-between gap-2 px-4 py-1">
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
