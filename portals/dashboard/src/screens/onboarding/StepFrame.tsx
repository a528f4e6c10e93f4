"use client";
import type { Onboarding } from "@leadmetrics/web";
import { type ReactNode, useEffect, useRef } from "react";
import { STEPS } from "./rules.ts";

/** What every step is given. */
export interface StepProps {
  readonly onboarding: Onboarding;
  /** Owners and admins; everybody else looks. */
  readonly mayEdit: boolean;
}

/** A step's heading and what it is good for. */
export function StepFrame({ index, children }: { index: number; children: ReactNode }) {
  const step = STEPS[index];
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever pressed the last step's button would be nowhere now that it has gone.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section aria-labelledby="step" className="flex min-w-0 flex-1 flex-col gap-6">
      <div>
        <p className="text-sm text-muted">
          Step {index + 1} of {STEPS.length}
        </p>
        <h2 ref={heading} id="step" tabIndex={-1} className="text-lg font-semibold outline-none">
          {step?.label}
        </h2>
        <p className="mt-1 text-sm text-muted">{step?.why}</p>
      </div>
      {children}
    </section>
  );
}
