"use client";
import { Icon } from "@leadmetrics/ui";
import { type RunEvent, useFormat } from "@leadmetrics/web";
import { stepsOf } from "./steps.ts";

/** What a run did beside writing: tools it called, notes it left, attempts it began again. */
export function RunSteps({ events }: { events: readonly RunEvent[] }) {
  const format = useFormat();
  const steps = stepsOf(events);
  if (steps.length === 0) return null;
  return (
    <details className="text-sm" open={steps.length <= 6}>
      <summary className="cursor-default text-muted hover:text-text">
        {steps.length} {steps.length === 1 ? "step" : "steps"} beside the text
      </summary>
      <ol className="mt-2 flex flex-col gap-1.5 border-l border-line pl-3">
        {steps.map((step) => (
          <li key={step.key} className="flex items-start gap-2">
            <Icon
              of={step.kind === "tool" ? "wrench" : step.kind === "attempt" ? "rotate-ccw" : "info"}
              size={14}
              label={step.kind === "tool" ? "Tool" : step.kind === "attempt" ? "New attempt" : "Note"}
              className="mt-[3px] shrink-0 text-agent"
            />
            <span className="min-w-0 flex-1 break-words">{step.text}</span>
            <span className="tabular shrink-0 text-xs leading-5 text-muted">{format.time(step.at)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
