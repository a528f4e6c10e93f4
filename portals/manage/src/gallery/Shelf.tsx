import { Code } from "@leadmetrics/ui";
import type { ReactNode } from "react";

/** A component: its name, what it is for, and each of its states with its name. */
export function Shelf({ name, does, children }: { name: string; does: string; children: ReactNode }) {
  return (
    <section
      id={name}
      aria-label={name}
      data-component={name}
      className="grid gap-x-8 gap-y-3 border-t border-line py-6 md:grid-cols-[15rem_1fr]"
    >
      <div>
        <h3 className="font-semibold">{name}</h3>
        <p className="text-sm text-muted">{does}</p>
      </div>
      <div className="flex min-w-0 flex-col gap-5">{children}</div>
    </section>
  );
}

export function State({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div data-state-name={name} className="flex min-w-0 flex-col gap-1.5">
      <Code>{name}</Code>
      <div className="min-w-0">{children}</div>
    </div>
  );
}
