"use client";
import { Progress } from "../feedback/Progress.tsx";
import { Button } from "../forms/Button.tsx";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import { AppLink } from "../lib/link.tsx";

export interface AgentAtWorkProps {
  /** The agent's role in words: "Blog writer". */
  agent: string;
  /** What it works on. */
  subject: string;
  href?: string;
  /** 0 to 1; absent while it is not known. */
  progress?: number;
  /** The last sentence it wrote. */
  sentence?: string;
  /** Cost so far, formatted. */
  cost?: string;
  note?: string;
  onStop?: () => void;
  className?: string;
}

/** An agent working: how far, the sentence it is writing, what it has cost, and a way to stop it. */
export function AgentAtWork(props: AgentAtWorkProps) {
  const { agent, subject, href, progress, sentence, cost, note, onStop, className } = props;
  return (
    <div className={cx("flex flex-col gap-1.5 py-2", className)}>
      <div className="flex min-h-7 items-center gap-2 text-sm">
        <Icon of="bot" className="text-agent" />
        <span className="shrink-0 text-agent">{agent}</span>
        {href ? (
          <AppLink href={href} className="min-w-0 truncate hover:underline">
            {subject}
          </AppLink>
        ) : (
          <span className="min-w-0 truncate">{subject}</span>
        )}
        <span className="flex-1" />
        {note ? <span className="shrink-0 text-xs text-muted max-md:hidden">{note}</span> : null}
        {cost ? <span className="tabular shrink-0 text-xs text-muted">{cost}</span> : null}
        {onStop ? (
          <Button size="small" kind="quiet" onPress={onStop} aria-label={`Stop ${agent} on ${subject}`}>
            <Icon of="square" size={12} /> Stop
          </Button>
        ) : null}
      </div>
      <Progress tone="agent" label={`${agent}: ${subject}`} value={progress} />
      {sentence ? <p className="truncate text-sm text-muted [direction:ltr]">{sentence}</p> : null}
    </div>
  );
}
