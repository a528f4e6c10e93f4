import type { DescMessage } from "@bufbuild/protobuf";
import * as agents from "@leadmetrics/proto/agents/events/v1/events";
import * as billing from "@leadmetrics/proto/billing/events/v1/events";
import * as content from "@leadmetrics/proto/content/events/v1/events";
import * as notifications from "@leadmetrics/proto/notifications/events/v1/events";
import * as rag from "@leadmetrics/proto/rag/events/v1/events";
import * as tenancy from "@leadmetrics/proto/tenancy/events/v1/events";

/** The events browsers may see. What isn't listed never leaves the platform. */
const shown: readonly DescMessage[] = [
  content.StrategyChangedSchema,
  content.StrategyApprovedSchema,
  content.GoalAdvancedSchema,
  content.PlanCreatedSchema,
  content.PlanUpdatedSchema,
  content.PlanApprovedSchema,
  content.PeriodAdvancedSchema,
  content.ActivityCreatedSchema,
  content.ActivityTransitionedSchema,
  content.ActivityRescheduledSchema,
  content.ClientReviewChangedSchema,
  content.ChannelConnectedSchema,
  content.ChannelChangedSchema,
  content.PublicationConfirmedSchema,
  content.PublicationUnconfirmedSchema,
  content.PublicationFailedSchema,
  agents.RunStartedSchema,
  agents.RunFailedSchema,
  agents.RunCancelledSchema,
  agents.RunDeferredSchema,
  agents.BudgetNearSchema,
  agents.BudgetReachedSchema,
  rag.FileUploadedSchema,
  rag.FileProgressedSchema,
  rag.FileIndexedSchema,
  rag.FileRefusedSchema,
  rag.FileDeletedSchema,
  rag.CrawlStartedSchema,
  rag.CrawlProgressedSchema,
  rag.CrawlEndedSchema,
  billing.CreditsGrantedSchema,
  billing.CreditsLowSchema,
  billing.CreditsExhaustedSchema,
  tenancy.ContextUpdatedSchema,
  tenancy.OnboardingChangedSchema,
  tenancy.ContractOfferedSchema,
  tenancy.ContractAcceptedSchema,
  tenancy.MemberJoinedSchema,
  notifications.NotificationCreatedSchema,
];

/** Those for the platform's people only: a client doesn't read a draft before a reviewer has. */
const shownToStaff: readonly DescMessage[] = [
  content.RevisionCreatedSchema,
  content.CommentAddedSchema,
  content.ReviewClaimChangedSchema,
  // Both carry what an agent writes.
  agents.RunProgressedSchema,
  agents.RunSucceededSchema,
];

const byType = new Map([...shown, ...shownToStaff].map((desc) => [desc.typeName, desc]));
const staffOnly = new Set(shownToStaff.map((desc) => desc.typeName));

/** The shape of an event that is shown to anybody. */
export const shownEvent = (typeName: string): DescMessage | undefined => byType.get(typeName);

/** Whether clients see it: what an agent writes only where no reviewer stands before them. */
export function isForClients(typeName: string, data: Readonly<Record<string, unknown>>): boolean {
  return !staffOnly.has(typeName) || data.openToClient === true;
}
