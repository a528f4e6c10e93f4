/** @module People, companies and who may do what. */
import type { Stamped } from "./common.ts";

export interface Actor {
  kind: "user" | "agent" | "service" | "system";
  id: string;
  /** For people, where the gateway knows it. */
  name?: string;
}

export type TenantRole = "owner" | "admin" | "member" | "viewer";

export interface User {
  ref: string;
  email: string;
  name: string;
  emailVerified?: boolean;
  platformRole?: "reviewer" | "super_admin" | null;
  deactivated?: boolean;
  createdOn?: string;
}

export interface Membership {
  tenantRef: string;
  tenantName: string;
  role: TenantRole;
}

export interface Me {
  user: User;
  membership: Membership | null;
  memberships: Membership[];
  /** A super admin looks at this in the user's place. */
  impersonation: Impersonation | null;
}

export interface Impersonation {
  ref: string;
  tenantRef: string;
  userRef: string;
  userName: string;
  /** Who really looks. */
  adminRef: string;
  adminName: string;
  reason: string;
  startedOn: string;
  expiresOn: string;
  /** Null while it goes on. */
  endedOn: string | null;
  opened: boolean;
}

/** A link that opens once. */
export interface ImpersonationTicket {
  impersonation: Impersonation;
  url: string;
  ticketExpiresOn: string;
}

export interface Tenant extends Stamped {
  ref: string;
  name: string;
  status: "active" | "suspended";
  timeZone: string;
  locale: string;
  currency: string;
  localOnly: boolean;
}

export interface Member {
  userRef: string;
  email: string;
  name: string;
  role: TenantRole;
  joinedOn?: string;
  version: number;
}

export interface Invitation {
  ref: string;
  email: string;
  role: TenantRole;
  expiresOn?: string;
}

export interface Assignment {
  userRef: string;
  email: string;
  name: string;
  assignedOn?: string;
}
