"use client";
import { Banner, Button, Page, part, SkeletonRows } from "@leadmetrics/ui";
import {
  type OnboardingStepName,
  onboardingActions,
  onboardingQueries,
  Query,
  useAction,
  useMe,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { type ComponentType, Suspense, useEffect } from "react";
import { rememberLanding } from "./home/useLanding.ts";
import { isStep, openStep, STEPS } from "./onboarding/rules.ts";
import { StepFrame, type StepProps } from "./onboarding/StepFrame.tsx";
import { Steps } from "./onboarding/Steps.tsx";

const others = () => import("./onboarding/OtherSteps.tsx");
const CompanyStep = part(async () => (await others()).CompanyStep, <SkeletonRows />);
const WebsiteStep = part(
  async () => (await import("./onboarding/WebsiteStep.tsx")).WebsiteStep,
  <SkeletonRows />,
);
const ContextStep = part(
  async () => (await import("./onboarding/ContextStep.tsx")).ContextStep,
  <SkeletonRows />,
);
const ChannelsStep = part(async () => (await others()).ChannelsStep, <SkeletonRows />);
const PlanStep = part(async () => (await others()).PlanStep, <SkeletonRows />);

const SCREENS: Readonly<Record<OnboardingStepName, ComponentType<StepProps>>> = {
  company: CompanyStep,
  website: WebsiteStep,
  context: ContextStep,
  channels: ChannelsStep,
  plan: PlanStep,
};

/** A new company gets ready: five steps that can be left and gone on with, also on another device. */
export function OnboardingScreen() {
  return (
    <Suspense>
      <Wizard />
    </Suspense>
  );
}

function Wizard() {
  const router = useRouter();
  const asked = useSearchParams().get("step");
  const onboarding = useQuery(onboardingQueries.onboarding);
  const role = useMe()?.membership?.role;
  const mayEdit = role === "owner" || role === "admin";
  const later = useAction(() => onboardingActions.putOff(false), {
    renews: ["onboarding"],
    done: () => router.push("/"),
  });
  useEffect(rememberLanding, []);
  const open = onboarding.data?.status === "open";
  return (
    <Page
      title="Getting started"
      actions={
        open && mayEdit ? (
          <Button kind="quiet" isPending={later.isPending} onPress={() => later.mutate(undefined)}>
            Later
          </Button>
        ) : null
      }
    >
      <Query of={onboarding} loading={<SkeletonRows rows={5} />}>
        {(now) => {
          const shown = isStep(asked) ? asked : openStep(now);
          const Screen = SCREENS[shown];
          return (
            <div className="flex flex-col gap-6">
              {role !== undefined && !mayEdit ? (
                <Banner>An owner or admin of your company does this. You can look at what is there.</Banner>
              ) : null}
              {now.status === "finished" ? (
                <Banner>Everything is ready. You can change it here at any time.</Banner>
              ) : null}
              <div className="flex flex-col gap-x-12 gap-y-6 lg:flex-row">
                <Steps onboarding={now} shown={shown} />
                <StepFrame key={shown} index={STEPS.findIndex(({ name }) => name === shown)}>
                  <Screen onboarding={now} mayEdit={mayEdit} />
                </StepFrame>
              </div>
            </div>
          );
        }}
      </Query>
    </Page>
  );
}
