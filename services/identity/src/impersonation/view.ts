import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Id, toRef } from "@leadmetrics/kit";
import { ImpersonationSchema } from "@leadmetrics/proto/identity/v1/auth";
import type { ImpersonationRow } from "./store.ts";

export function impersonationView(row: ImpersonationRow) {
  return create(ImpersonationSchema, {
    ref: toRef(row.id as Id),
    tenantRef: toRef(row.acting_tenant as Id),
    userRef: toRef(row.user_id as Id),
    userName: row.user_name,
    adminRef: toRef(row.admin_id as Id),
    adminName: row.admin_name,
    reason: row.reason,
    startedOn: timestampFromDate(row.created_on),
    expiresOn: timestampFromDate(row.expires_on),
    endedOn: row.ended_on ? timestampFromDate(row.ended_on) : undefined,
    opened: row.opened_on !== null,
  });
}
