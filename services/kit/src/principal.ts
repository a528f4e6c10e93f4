import type { Id, TenantId } from "./ids.ts";

export type TenantUserRole = "owner" | "admin" | "member" | "viewer";
export type PlatformUserRole = "reviewer" | "super_admin";

/** Who really acts where a super admin looks at the dashboard in a client's place. */
export interface Impersonator {
  readonly userId: Id;
  readonly name: string;
  /** Why, in their own words. */
  readonly reason: string;
}

/** A user of one client company. */
export interface TenantPrincipal {
  readonly kind: "tenant";
  readonly userId: Id;
  readonly tenantId: TenantId;
  readonly role: TenantUserRole;
  readonly sessionId: Id;
  readonly apps: readonly string[];
  /** The company hasn't accepted its contract yet: only what says so opens. */
  readonly beforeContract?: true;
  /** A super admin in this user's place: what has side effects stays closed. */
  readonly impersonator?: Impersonator;
}

/** A reviewer or a super admin. */
export interface PlatformPrincipal {
  readonly kind: "platform";
  readonly userId: Id;
  readonly role: PlatformUserRole;
  readonly sessionId: Id;
  readonly apps: readonly string[];
  /** A reviewer's assigned tenants; empty for super admins, who aren't bound to any. */
  readonly tenantIds: readonly TenantId[];
}

/** Another service, by name. */
export interface ServicePrincipal {
  readonly kind: "service";
  readonly service: string;
}

/** Nobody: a call without a token. */
export interface Anonymous {
  readonly kind: "public";
}

export type Principal = TenantPrincipal | PlatformPrincipal | ServicePrincipal | Anonymous;
