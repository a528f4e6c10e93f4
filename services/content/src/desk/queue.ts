import { fromRef } from "@leadmetrics/kit";
import type { ContentType } from "@leadmetrics/proto/content/v1/plans";
import type { SelectQueryBuilder } from "kysely";
import type { ContentDb, ContentTypeName } from "../db.ts";
import { CONTENT_TYPES, nameOf } from "../views.ts";

/** What a reviewer narrows the queue to; an empty filter leaves everything. */
export interface QueueFilter {
  readonly tenantIds: readonly string[];
  readonly contentType: ContentTypeName | undefined;
  readonly escalated: boolean;
  readonly overdueAt: Date | undefined;
  readonly title: string;
}

export function queueFilter(request: {
  tenantRefs: readonly string[];
  contentType: ContentType;
  escalated: boolean;
  overdue: boolean;
  title: string;
}): QueueFilter {
  return {
    tenantIds: request.tenantRefs.map((ref) => fromRef(ref, "tenant")),
    contentType: nameOf(CONTENT_TYPES, request.contentType),
    escalated: request.escalated,
    overdueAt: request.overdue ? new Date() : undefined,
    title: request.title.trim(),
  };
}

type Waiting = SelectQueryBuilder<ContentDb, "activity", object>;

/** The same list with what the filter asks for only. */
export function narrowed(waiting: Waiting, filter: QueueFilter | undefined): Waiting {
  if (!filter) return waiting;
  let query = waiting;
  if (filter.tenantIds.length > 0) query = query.where("tenant_id", "in", filter.tenantIds);
  if (filter.contentType) query = query.where("content_type", "=", filter.contentType);
  if (filter.escalated) query = query.where("escalated", "=", true);
  if (filter.overdueAt) query = query.where("promised_on", "<", filter.overdueAt);
  return titled(query, filter.title);
}

/** The same list with those whose title has this part only; all of them when it is empty. */
export function titled<Selected>(
  activities: SelectQueryBuilder<ContentDb, "activity", Selected>,
  part: string,
): SelectQueryBuilder<ContentDb, "activity", Selected> {
  const words = part.trim().replace(/[\\%_]/g, "\\$&");
  return words ? activities.where("title", "ilike", `%${words}%`) : activities;
}
