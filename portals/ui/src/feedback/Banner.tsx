import type { ReactNode } from "react";
import { cx } from "../lib/cx.ts";
import { Icon, type IconName } from "../lib/icon.tsx";

type BannerTone = "info" | "warn" | "bad" | "agent";

const looks: Record<BannerTone, { line: string; icon: string; glyph: IconName }> = {
  info: { line: "border-line bg-selected", icon: "text-accent", glyph: "info" },
  warn: { line: "border-warn/50 bg-warn/10", icon: "text-warn-text", glyph: "triangle-exclamation-point" },
  bad: { line: "border-bad/40 bg-bad/8", icon: "text-bad", glyph: "circle-exclamation-point" },
  agent: { line: "border-agent/40 bg-agent/8", icon: "text-agent", glyph: "info" },
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
