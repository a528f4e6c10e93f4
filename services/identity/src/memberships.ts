import { asService, type RpcClients } from "@leadmetrics/kit";
import { TenantRole } from "@leadmetrics/proto/options/v1/access";
import { MembersService } from "@leadmetrics/proto/tenancy/v1/members";
import { TenantStatus } from "@leadmetrics/proto/tenancy/v1/tenants";
import type { MembershipsOf } from "./deps.ts";

const ROLES: Record<TenantRole, string> = {
  [TenantRole.UNSPECIFIED]: "viewer",
  [TenantRole.VIEWER]: "viewer",
  [TenantRole.MEMBER]: "member",
  [TenantRole.ADMIN]: "admin",
  [TenantRole.OWNER]: "owner",
};

/** Where users belong, asked from tenancy. */
export function membershipsFrom(rpc: RpcClients): MembershipsOf {
  const members = rpc.client(MembersService, "tenancy");
  return async (ctx, userRef) => {
    const { memberships } = await members.listMembershipsOfUser(
      { userRef },
      asService({ ...ctx, tenantIds: [] }),
    );
    return memberships.map((membership) => ({
      tenantRef: membership.tenantRef,
      active: membership.tenantStatus === TenantStatus.ACTIVE,
      role: ROLES[membership.role],
      wire: { tenantRef: membership.tenantRef, tenantName: membership.tenantName, role: membership.role },
    }));
  };
}
