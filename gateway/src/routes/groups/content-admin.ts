import { ActivitiesService } from "@leadmetrics/proto/content/v1/activities";
import { ChannelsService } from "@leadmetrics/proto/content/v1/channels";
import { WorkFiguresService } from "@leadmetrics/proto/content/v1/figures";
import type { RouteGroups } from "../route.ts";

/** Production as those who run the platform see it. */
export const contentAdminRoutes: RouteGroups = {
  admin: [
    {
      method: "GET",
      path: "/work/figures",
      rpc: WorkFiguresService.method.listWorkFigures,
      target: "content",
      list: "figures",
      summary: "Drafts and publications by day",
    },
    {
      method: "GET",
      path: "/work/troubles",
      rpc: WorkFiguresService.method.listTroubles,
      target: "content",
      list: "troubles",
      summary: "What is stuck, over all tenants",
    },
    {
      method: "POST",
      path: "/tenants/:tenantRef/activities/:activityRef/retry",
      rpc: ActivitiesService.method.retryActivity,
      target: "content",
      unwrap: "activity",
      summary: "Try a failed activity of a tenant again",
    },
    {
      method: "POST",
      path: "/tenants/:tenantRef/channels/:channelRef/test",
      rpc: ChannelsService.method.testChannel,
      target: "content",
      unwrap: "channel",
      summary: "Test a tenant's channel",
    },
  ],
};
