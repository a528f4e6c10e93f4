import type { LucideIcon } from "lucide-react";

/** An icon at the size and stroke all portals share; decoration unless it gets a label. */
export function Icon({
  of: Glyph,
  size = 16,
  label,
  className,
}: {
  of: LucideIcon;
  size?: number;
  label?: string;
  className?: string;
}) {
  return (
    <Glyph
      size={size}
      strokeWidth={1.75}
      aria-hidden={label ? undefined : true}
      aria-label={label}
      role={label ? "img" : undefined}
      className={`shrink-0 ${className ?? ""}`}
    />
  );
}
