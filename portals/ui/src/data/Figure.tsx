import type { ReactNode } from "react";
import { Sparkline } from "../charts/charts.tsx";
import { AppLink } from "../lib/link.tsx";

/** One number people look for, its history as a line, and what it was before. */
export function Figure({
  label,
  value,
  history,
  historyLabel,
  note,
  href,
}: {
  label: string;
  value: string;
  /** Oldest first; the last is what `value` says. */
  history?: readonly number[];
  historyLabel?: string;
  note?: ReactNode;
  href?: string;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <dt className="truncate text-sm text-muted">
        {href ? (
          <AppLink href={href} className="rounded-[3px] hover:text-text hover:underline">
            {label}
          </AppLink>
        ) : (
          label
        )}
      </dt>
      <dd className="flex min-w-0 items-end justify-between gap-3 max-md:flex-col max-md:items-start max-md:gap-1">
        <span className="min-w-0">
          <span className="tabular block truncate text-xl font-semibold">{value}</span>
          {note ? <span className="block truncate text-xs text-muted">{note}</span> : null}
        </span>
        {history && history.length > 1 ? (
          <span className="min-w-0 shrink overflow-hidden">
            <Sparkline values={history} label={historyLabel ?? label} width={96} />
          </span>
        ) : null}
      </dd>
    </div>
  );
}

/** Figures side by side, two a row on phones. */
export function Figures({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-2 gap-x-8 gap-y-6 border-y border-line py-5 max-md:gap-x-4 lg:grid-cols-4">
      {children}
    </dl>
  );
}
