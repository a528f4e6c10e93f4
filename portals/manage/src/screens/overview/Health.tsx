"use client";
import { Dot, sentence } from "@leadmetrics/ui";
import { type ServiceHealth, useFormat } from "@leadmetrics/web";

const tones = { ready: "ok", not_ready: "warn", down: "bad" } as const;
const words = { ready: "ready", not_ready: "not ready", down: "does not answer" } as const;

/** The services in one row: a dot, its word when it isn't well, and how long calls take. */
export function Health({ services }: { services: readonly ServiceHealth[] }) {
  const format = useFormat();
  return (
    <ul
      aria-label="Services"
      className="grid grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))] gap-x-6 gap-y-3 border-y border-line py-3"
    >
      {services.map(({ service, state, p95Ms }) => (
        <li key={service} className="flex items-baseline gap-2 text-sm">
          <Dot tone={tones[state]} />
          <span className="min-w-0">
            <span className="block truncate">{sentence(service)}</span>
            <span className={state === "ready" ? "tabular text-xs text-muted" : "text-xs text-bad"}>
              {state === "ready"
                ? p95Ms === null
                  ? "no calls lately"
                  : `p95 ${format.duration(p95Ms)}`
                : words[state]}
              {state === "ready" ? <span className="sr-only">, {words.ready}</span> : null}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
