import type { ReactNode } from "react";

/** Names and values, one pair a line. Values that are missing are left out. */
export function Facts({ items }: { items: readonly (readonly [string, ReactNode])[] }) {
  const shown = items.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return (
    <dl className="grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-6 gap-y-2 text-sm">
      {shown.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A part of a page: a heading, what belongs beside it, and the content. A line separates it, not a box. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="flex min-w-0 flex-col gap-3">
      <div className="flex min-h-8 items-center justify-between gap-4">
        <h2 className="text-md font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** An id or code: mono, selectable, never broken in the middle of a glance. */
export function Code({ children }: { children: ReactNode }) {
  return <code className="font-mono text-xs break-all text-muted">{children}</code>;
}
