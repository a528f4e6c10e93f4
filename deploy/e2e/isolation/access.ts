import { Caller as CallerKind, TenantRole } from "@leadmetrics/proto/options/v1/access";
import type { Method } from "./contract.ts";
import type { Caller } from "./world.ts";

const RANK = {
  viewer: TenantRole.VIEWER,
  member: TenantRole.MEMBER,
  admin: TenantRole.ADMIN,
  owner: TenantRole.OWNER,
};

/** Whom the contract lets in; said here a second time, so that the rule and its check can't be wrong together. */
export function mayCall({ rule }: Method, caller: Caller): boolean {
  if (rule.callers.includes(CallerKind.PUBLIC)) return true;
  switch (caller.kind) {
    case "tenant":
      return rule.callers.includes(CallerKind.TENANT) && RANK[caller.role ?? "viewer"] >= rule.minRole;
    case "reviewer":
      return rule.callers.includes(CallerKind.REVIEWER);
    case "super_admin":
      return rule.callers.includes(CallerKind.SUPER_ADMIN);
    case "service":
      return rule.callers.includes(CallerKind.SERVICE) && rule.services.includes(caller.service ?? "");
    case "nobody":
      return false;
  }
}

export const isPublic = ({ rule }: Method): boolean => rule.callers.includes(CallerKind.PUBLIC);
