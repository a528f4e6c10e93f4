import { ApprovalLinksService } from "@leadmetrics/proto/content/v1/approval_links";
import { ClientReviewService } from "@leadmetrics/proto/content/v1/client_review";
import { ApprovalsService } from "@leadmetrics/proto/content/v1/reviews";
import { ScheduleService } from "@leadmetrics/proto/content/v1/schedule";
import type { RouteGroups } from "../route.ts";

/** What waits for the client, what doesn't, and when it goes out. */
export const contentDecisionRoutes: RouteGroups = {
  readings: [
    {
      method: "GET",
      path: "/activities/:activityRef/approval-links",
      rpc: ApprovalLinksService.method.listApprovalLinks,
      target: "content",
      list: "links",
      summary: "Mailed links that can still decide",
    },
    {
      method: "GET",
      path: "/calendar",
      rpc: ScheduleService.method.listCalendar,
      target: "content",
      summary: "What goes out when, what stands in its way, and what has no date",
    },
    {
      method: "GET",
      path: "/client-review",
      rpc: ClientReviewService.method.getClientReview,
      target: "content",
      unwrap: "clientReview",
      summary: "What is published without the client's own approval",
    },
  ],
  moves: [
    {
      method: "POST",
      path: "/activities/:activityRef/reschedule",
      rpc: ScheduleService.method.rescheduleActivity,
      target: "content",
      unwrap: "activity",
      summary: "Give another date, or none, to all channels or one",
    },
    {
      method: "DELETE",
      path: "/activities/:activityRef/approval-links",
      rpc: ApprovalLinksService.method.revokeApprovalLinks,
      target: "content",
      summary: "Withdraw all mailed links",
    },
  ],
  tenant: [
    {
      method: "GET",
      path: "/approvals",
      rpc: ApprovalsService.method.listApprovals,
      target: "content",
      list: "activities",
      summary: "What waits for my company",
    },
    {
      method: "POST",
      path: "/approvals/:activityRef/approve",
      rpc: ApprovalsService.method.approveContent,
      target: "content",
      unwrap: "activity",
      summary: "Approve content, for all of its channels or some",
    },
    {
      method: "POST",
      path: "/approvals/:activityRef/reject",
      rpc: ApprovalsService.method.rejectContent,
      target: "content",
      unwrap: "activity",
      summary: "Reject content with a note",
    },
    {
      method: "POST",
      path: "/approvals/bundle",
      rpc: ApprovalsService.method.approveBundle,
      target: "content",
      list: "outcomes",
      summary: "Approve several; each outcome by itself",
    },
    {
      method: "PUT",
      path: "/approvals/:activityRef/seen",
      rpc: ApprovalsService.method.markRevisionSeen,
      target: "content",
      summary: "I have read this revision",
    },
    {
      method: "PUT",
      path: "/client-review",
      rpc: ClientReviewService.method.setClientReview,
      target: "content",
      summary: "Say what is published without my company's own approval",
    },
  ],
};
