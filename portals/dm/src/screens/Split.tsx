import { AppLink, cx } from "@leadmetrics/ui";
import type { ReactNode } from "react";

export interface SplitItem {
  key: string;
  href: string;
  title: string;
  /** Below the title, in a line. */
  note: ReactNode;
}

/** A list of few things and the one that is open; on phones one after the other. */
export function Split({
  label,
  items,
  selected,
  opened,
  foot,
  children,
}: {
  label: string;
  items: readonly SplitItem[];
  selected: string | undefined;
  /** The address names one: on phones the list gives way. */
  opened: boolean;
  foot?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="flex min-h-0 flex-1">
      <nav
        aria-label={label}
        className={cx(
          "sticky top-12 flex h-[calc(100dvh-48px)] w-72 shrink-0 flex-col overflow-auto border-r border-line max-md:static max-md:h-auto max-md:w-full max-md:border-0",
          opened && "max-md:hidden",
        )}
      >
        <ul className="flex-1">
          {items.map((item) => (
            <li
              key={item.key}
              className={cx(
                "border-l-2",
                item.key === selected
                  ? "border-accent bg-selected max-md:border-transparent max-md:bg-transparent"
                  : "border-transparent hover:bg-hover",
              )}
            >
              <AppLink
                href={item.href}
                aria-current={item.key === selected ? "true" : undefined}
                className="flex flex-col gap-0.5 px-4 py-2 text-sm outline-offset-[-2px] max-md:py-3"
              >
                <span className="truncate">{item.title}</span>
                <span className="flex items-center gap-2 text-xs text-muted">{item.note}</span>
              </AppLink>
            </li>
          ))}
        </ul>
        {foot ? <div className="border-t border-line px-4 py-2">{foot}</div> : null}
      </nav>
      <section
        aria-label={items.find(({ key }) => key === selected)?.title ?? label}
        className={cx("min-w-0 flex-1 px-10 py-8 max-md:px-4 max-md:py-4", !opened && "max-md:hidden")}
      >
        <div className="mx-auto max-w-[760px]">{children}</div>
      </section>
    </div>
  );
}
