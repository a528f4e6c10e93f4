import { AppError, FLAGS, type FlagName, platformSettings, type TenantCtx, toRef } from "@leadmetrics/kit";

/**
 * Refuses what needs a feature that the company doesn't have.
 *
 * @param instead what can be done without it, a sentence
 * @throws AppError forbidden with the feature's name in its metadata
 */
export function requireFeature({ tenantId }: TenantCtx, feature: FlagName, instead: string): void {
  if (platformSettings.has(feature, toRef(tenantId))) return;
  throw new AppError(
    "forbidden",
    "feature_off",
    `"${FLAGS[feature].title}" (${feature}) is switched off for your company. ${instead}`,
    { metadata: { feature } },
  );
}
