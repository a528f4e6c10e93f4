import { FeedService, PreferencesService } from "@leadmetrics/proto/notifications/v1/feed";
import { TemplatesService } from "@leadmetrics/proto/notifications/v1/templates";
import type { RouteGroups } from "../route.ts";

export const notificationsRoutes: RouteGroups = {
  own: [
    {
      method: "GET",
      path: "/notifications",
      rpc: FeedService.method.listNotifications,
      target: "notifications",
      list: "notifications",
      summary: "What I was told",
    },
    {
      method: "POST",
      path: "/notifications/read",
      rpc: FeedService.method.markNotificationsRead,
      target: "notifications",
      summary: "Mark as read",
    },
    {
      method: "GET",
      path: "/preferences",
      rpc: PreferencesService.method.getPreferences,
      target: "notifications",
      list: "preferences",
      summary: "What I want to be told",
    },
    {
      method: "PUT",
      path: "/preferences",
      rpc: PreferencesService.method.setPreference,
      target: "notifications",
      wrap: "preference",
      unwrap: "preference",
      summary: "Change what I want to be told",
    },
  ],
  admin: [
    {
      method: "GET",
      path: "/notification-templates",
      rpc: TemplatesService.method.listTemplates,
      target: "notifications",
      list: "templates",
      summary: "What people are told, with an example",
    },
    {
      method: "POST",
      path: "/notification-templates/:kind/test",
      rpc: TemplatesService.method.sendTestMail,
      target: "notifications",
      summary: "Mail me an example",
    },
  ],
};
