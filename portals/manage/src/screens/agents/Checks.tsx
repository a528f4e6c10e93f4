"use client";
import { Icon } from "@leadmetrics/ui";
import type { AdapterCheck } from "@leadmetrics/web";

/** What an adapter's test found, and what to do about it. */
export function Checks({ checks }: { checks: readonly AdapterCheck[] }) {
  return (
    <ul aria-label="Test" className="divide-y divide-line border-y border-line text-sm">
      {checks.map((check) => (
        <li key={check.name} className="flex min-h-9 items-start gap-3 py-2">
          <Icon
            of={check.passed ? "circle-check" : "circle-exclamation-point"}
            label={check.passed ? "Passed" : "Failed"}
            className={check.passed ? "mt-0.5 text-ok" : "mt-0.5 text-bad"}
          />
          <span className="min-w-0 flex-1">
            {check.name}
            {check.hint ? <span className="block text-muted">{check.hint}</span> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
