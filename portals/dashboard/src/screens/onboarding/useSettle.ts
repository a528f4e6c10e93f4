"use client";
import {
  type Onboarding,
  type OnboardingStepName,
  onboardingActions,
  type StepState,
  useAction,
} from "@leadmetrics/web";
import { useRouter } from "next/navigation";
import { stepAfter } from "./rules.ts";

/** Settles a step and goes on to the next open one; after the last, home. */
export function useSettle(step: OnboardingStepName) {
  const router = useRouter();
  return useAction((state: StepState) => onboardingActions.settleStep(step, state), {
    renews: ["onboarding"],
    done: (onboarding) => router.push(placeAfter(onboarding, step)),
  });
}

/** Where one goes on after a step. */
export function placeAfter(onboarding: Onboarding, step: OnboardingStepName): string {
  const next = stepAfter(onboarding, step);
  return next ? `/onboarding?step=${next}` : onboarding.status === "finished" ? "/" : "/onboarding";
}
