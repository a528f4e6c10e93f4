"use client";
import { AppLink, cx, Icon } from "@leadmetrics/ui";
import { type Onboarding, type OnboardingStepName, useKeyMap } from "@leadmetrics/web";
import { useRouter } from "next/navigation";
import { STEPS, stateOf } from "./rules.ts";

/** All steps with their state; each is a link, so that one may look ahead and come back. */
export function Steps({ onboarding, shown }: { onboarding: Onboarding; shown: OnboardingStepName }) {
  const router = useRouter();
  const go = (by: 1 | -1) => {
    const next = STEPS[STEPS.findIndex(({ name }) => name === shown) + by];
    if (next) router.push(`/onboarding?step=${next.name}`);
  };
  useKeyMap("Getting started", {
    j: { what: "Next step", run: () => go(1) },
    k: { what: "Step before", run: () => go(-1) },
  });
  return (
    <nav aria-label="Steps" className="lg:sticky lg:top-16 lg:w-56 lg:shrink-0 lg:self-start">
      <ol className="flex gap-1 lg:flex-col lg:gap-0.5">
        {STEPS.map(({ name, label }, index) => {
          const state = stateOf(onboarding, name);
          const here = name === shown;
          const word = state === "done" ? "Done" : state === "skipped" ? "Left out" : "";
          return (
            <li key={name} className="min-w-0 flex-1 lg:flex-none">
              <AppLink
                href={`/onboarding?step=${name}`}
                aria-current={here ? "step" : undefined}
                className={cx(
                  "flex min-h-11 items-center gap-2.5 rounded-control px-2 text-sm hover:bg-hover max-lg:flex-col max-lg:justify-center max-lg:gap-1 max-lg:py-2 lg:min-h-9",
                  here && "bg-selected",
                )}
              >
                <span
                  className={cx(
                    "tabular flex size-5 shrink-0 items-center justify-center rounded-full border text-xs",
                    state === "done"
                      ? "border-ok text-ok"
                      : here
                        ? "border-accent text-accent"
                        : "border-line-strong text-muted",
                  )}
                >
                  {state === "done" ? (
                    <Icon of="check" size={12} />
                  ) : state === "skipped" ? (
                    <Icon of="minus" size={12} />
                  ) : (
                    index + 1
                  )}
                </span>
                <span
                  className={cx(
                    "min-w-0 max-w-full truncate max-lg:text-xs max-sm:sr-only lg:flex-1",
                    here ? "font-semibold" : state === "open" ? "" : "text-muted",
                  )}
                >
                  {label}
                </span>
                <span className="text-xs text-muted max-lg:sr-only">{word}</span>
              </AppLink>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
