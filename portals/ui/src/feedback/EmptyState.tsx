import type { ReactNode } from "react";
import { Icon, type IconName } from "../lib/icon.tsx";

/** What will be here, why there is nothing yet, and the one thing to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  as: Title = "p",
}: {
  icon?: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** "h1" where it is the whole page. */
  as?: "p" | "h1";
}) {
  return (
    <div className="flex flex-col items-start gap-2 border-y border-line py-8">
      {icon ? <Icon of={icon} size={20} className="text-muted" /> : null}
      <Title className={Title === "h1" ? "text-lg font-semibold" : "font-semibold"}>{title}</Title>
      {children ? <div className="max-w-[60ch] text-sm text-muted">{children}</div> : null}
      {action ? <div className="mt-2">{action}</div> : null}
    </div>
  );
}
