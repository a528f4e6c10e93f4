import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "../lib/icon.tsx";

/** What will be here, why there is nothing yet, and the one thing to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-start gap-2 border-y border-line py-8">
      {icon ? <Icon of={icon} size={20} className="text-muted" /> : null}
      <p className="font-semibold">{title}</p>
      {children ? <div className="max-w-[60ch] text-sm text-muted">{children}</div> : null}
      {action ? <div className="mt-2">{action}</div> : null}
    </div>
  );
}
