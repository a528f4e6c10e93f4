import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Id, toRef } from "@leadmetrics/kit";
import { NotificationSchema } from "@leadmetrics/proto/notifications/v1/feed";
import type { Selectable } from "kysely";
import type { NotificationsDb } from "../db.ts";

export function notificationView(row: Selectable<NotificationsDb["notification"]>) {
  return {
    userRef: toRef(row.user_id as Id),
    view: create(NotificationSchema, {
      ref: toRef(row.id as Id),
      tenantRef: row.about_tenant ? toRef(row.about_tenant as Id) : "",
      kind: row.kind,
      title: row.title,
      body: row.body,
      link: row.link,
      read: row.read_on !== null,
      createdOn: timestampFromDate(row.created_on),
    }),
  };
}
