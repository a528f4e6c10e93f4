import type { LucideIcon } from "lucide-react";
import { CircleAlert, Info, Lock, SearchX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import { EmptyState } from "./EmptyState.tsx";

/** A person may not see this: what it is, and who can change that. */
export function NoPermission({ what, askWhom }: { what?: string; askWhom?: ReactNode }) {
  return (
    <EmptyState icon={Lock} title={what ?? "Your role does not show you this"}>
      {askWhom ?? "Ask an owner or admin to give you a role that does. Nothing here is lost in the meantime."}
    </EmptyState>
  );
}

/** What was asked for isn't there, or isn't this person's: both are said the same way. */
export function NotThere({ what = "This", action }: { what?: string; action?: ReactNode }) {
  return (
    <EmptyState icon={SearchX} title={`${what} is not here`} action={action}>
      It may have been removed, or it is not yours to see. The list it came from shows what is there now.
    </EmptyState>
  );
}

type BannerTone = "info" | "warn" | "bad" | "agent";

const looks: Record<BannerTone, { line: string; icon: string; glyph: LucideIcon }> = {
  info: { line: "border-line bg-selected", icon: "text-accent", glyph: Info },
  warn: { line: "border-warn/50 bg-warn/10", icon: "text-warn-text", glyph: TriangleAlert },
  bad: { line: "border-bad/40 bg-bad/8", icon: "text-bad", glyph: CircleAlert },
  agent: { line: "border-agent/40 bg-agent/8", icon: "text-agent", glyph: Info },
};

/** One line over a page about something that holds for all of it. It stays; what passes is a toast. */
export function Banner({
  tone = "info",
  children,
  action,
  className,
}: {
  tone?: BannerTone;
  children: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  const { line, icon, glyph } = looks[tone];
  return (
    <div
      role="status"
      className={cx(
        "flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b px-6 py-1.5 text-sm max-md:px-4",
        line,
        className,
      )}
    >
      <Icon of={glyph} className={icon} />
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}
