import { create, fromJson, type JsonValue, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Id, toRef } from "@leadmetrics/kit";
import {
  AcceptedFieldSchema,
  ContextProposalSchema,
  type OnboardingSchema,
  OnboardingStep,
  ResearchStatus as Research,
  OnboardingStatus as Status,
  StepState,
} from "@leadmetrics/proto/tenancy/v1/onboarding";
import type { Selectable } from "kysely";
import type { TenancyDb } from "../db.ts";
import {
  type OnboardingStatus,
  type ResearchStatus,
  type SettledState,
  STEPS,
  type Step,
  type Steps,
} from "./rules.ts";

export type OnboardingRow = Selectable<TenancyDb["onboarding_run"]>;

const STATUS: Readonly<Record<OnboardingStatus, Status>> = {
  open: Status.OPEN,
  put_off: Status.PUT_OFF,
  finished: Status.FINISHED,
};
const RESEARCH: Readonly<Record<ResearchStatus, Research>> = {
  none: Research.NONE,
  crawling: Research.CRAWLING,
  writing: Research.WRITING,
  proposed: Research.PROPOSED,
  accepted: Research.ACCEPTED,
  failed: Research.FAILED,
};
const STEP: Readonly<Record<Step, OnboardingStep>> = {
  company: OnboardingStep.COMPANY,
  website: OnboardingStep.WEBSITE,
  context: OnboardingStep.CONTEXT,
  channels: OnboardingStep.CHANNELS,
  plan: OnboardingStep.PLAN,
};
const STATE: Readonly<Record<SettledState, StepState>> = { done: StepState.DONE, skipped: StepState.SKIPPED };

/** A step by its name here. */
export const stepOf = (wire: OnboardingStep): Step | undefined => STEPS.find((step) => STEP[step] === wire);
/** A settled state by its name here; undefined for open. */
export const settledOf = (wire: StepState): SettledState | undefined =>
  wire === StepState.DONE ? "done" : wire === StepState.SKIPPED ? "skipped" : undefined;

const stepsView = (steps: Steps) =>
  STEPS.map((step) => {
    const settled = steps[step];
    return settled
      ? { step: STEP[step], state: STATE[settled.state], settledOn: timestampFromDate(new Date(settled.on)) }
      : { step: STEP[step], state: StepState.OPEN };
  });

/** Where a company stands that has never begun: one that described itself another way needs no onboarding. */
export function notBegun(contextVersion: number): MessageInitShape<typeof OnboardingSchema> {
  const described = contextVersion > 0;
  return {
    status: described ? Status.FINISHED : Status.OPEN,
    steps: STEPS.map((step) => ({
      step: STEP[step],
      state: described && step === "context" ? StepState.DONE : StepState.OPEN,
    })),
    research: { status: Research.NONE },
    version: 0,
  };
}

export function proposalOf(row: OnboardingRow) {
  if (row.proposal === null) return undefined;
  return fromJson(ContextProposalSchema, row.proposal as JsonValue, { ignoreUnknownFields: true });
}

export function acceptedOf(row: OnboardingRow) {
  const fields = Array.isArray(row.accepted) ? (row.accepted as JsonValue[]) : [];
  return fields.map((field) => fromJson(AcceptedFieldSchema, field, { ignoreUnknownFields: true }));
}

const refOrNothing = (id: string | null): string => (id ? toRef(id as Id) : "");

/** @param withProposal false in events: the proposal is read when it is needed */
export function onboardingView(
  row: OnboardingRow,
  withProposal = true,
): MessageInitShape<typeof OnboardingSchema> {
  return {
    status: STATUS[row.status],
    steps: stepsView(row.steps),
    research: {
      status: RESEARCH[row.research_status],
      website: row.website,
      crawlRef: refOrNothing(row.crawl_id),
      runRef: refOrNothing(row.run_id),
      proposal: withProposal ? proposalOf(row) : undefined,
      problem: row.problem,
      problemReason: row.problem_reason,
      accepted: withProposal ? acceptedOf(row) : [],
      acceptedVersion: row.accepted_version,
    },
    version: row.version,
  };
}

/** A field that was taken over, made for {@link acceptedOf}. */
export const acceptedField = (init: MessageInitShape<typeof AcceptedFieldSchema>) =>
  create(AcceptedFieldSchema, init);
