import { cx } from "../lib/cx.ts";
import { statusWord, type Tone } from "./status.ts";

const dots: Record<Tone, string> = {
  neutral: "border-[1.5px] border-muted",
  agent: "bg-agent",
  person: "bg-accent",
  ok: "bg-ok",
  warn: "bg-warn",
  bad: "bg-bad",
};

export function Dot({ tone, className }: { tone: Tone; className?: string }) {
  return (
    <span aria-hidden className={cx("inline-block size-2 shrink-0 rounded-full", dots[tone], className)} />
  );
}

/** A state as a dot and its word. */
export function Status({ state, className }: { state: string; className?: string }) {
  const { word, tone } = statusWord(state);
  return (
    <span className={cx("inline-flex items-center gap-2 whitespace-nowrap text-sm", className)}>
      <Dot tone={tone} />
      {word}
    </span>
  );
}
