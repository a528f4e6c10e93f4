/** @module What is set for the whole platform, and who has which feature. */
import type { Actor } from "./people.ts";

/** What holds for every portal now. */
export interface PlatformNow {
  /** One line; empty for none. */
  banner: string;
  signUpOpen: boolean;
}

export interface PlatformSetting {
  name: string;
  title: string;
  what: string;
  type: "switch" | "number" | "text";
  value: string;
  defaultValue: string;
  min: number;
  max: number;
  unit: string;
  /** Characters a text may have. */
  longest: number;
  /** 0 while nobody has changed it. */
  version: number;
  changedBy: Actor | null;
  changedOn: string | null;
}

export type TenantFeatureState = "on" | "off" | "by_share";

export interface Feature {
  name: string;
  title: string;
  what: string;
  /** Percent of the tenants. */
  share: number;
  defaultShare: number;
  /** Said by name, whatever the share is. */
  tenants: { tenantRef: string; tenantName: string; state: TenantFeatureState }[];
  version: number;
  changedBy: Actor | null;
  changedOn: string | null;
}

/** A feature the dashboard may have or not. */
export type FeatureName = "bundle_approvals" | "calendar_drag";
