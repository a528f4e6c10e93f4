import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import { type OwedBy, owesSentence } from "./owes.ts";

/** Who owes the next move, what it is, and since when; amber past its promise, red when it is nobody. */
export function OwesChip({
  owed,
  now = Date.now(),
  short = false,
  className,
}: {
  owed: OwedBy;
  now?: number;
  /** The age alone, where the list already says who and what. */
  short?: boolean;
  className?: string;
}) {
  const { text, late } = owesSentence(owed, now);
  if (!text) return null;
  const alarm = owed.party === "nobody";
  const face =
    owed.party === "agent"
      ? "bot"
      : owed.party === "channel"
        ? "plug"
        : owed.party === "nobody"
          ? "circle-exclamation-point"
          : "user";
  return (
    <span
      suppressHydrationWarning
      className={cx(
        "inline-flex h-6 items-center gap-1.5 rounded-full border px-2 text-xs whitespace-nowrap",
        alarm ? "border-bad/50 text-bad" : late ? "border-warn/60 text-warn-text" : "border-line text-muted",
        className,
      )}
    >
      {short ? null : (
        <Icon of={face} size={12} className={owed.party === "agent" ? "text-agent" : undefined} />
      )}
      {short ? (
        <>
          <span className="sr-only">{text}</span>
          <span aria-hidden>{text.split(" · ").at(-1)}</span>
        </>
      ) : (
        text
      )}
    </span>
  );
}
