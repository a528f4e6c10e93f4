import type { ReviewClaim } from "@leadmetrics/web";

/** Whose a draft is, for one reviewer at one moment. */
export function heldByOther(
  claim: ReviewClaim | undefined,
  me: string | undefined,
  now: number,
): ReviewClaim | undefined {
  if (!claim || !me || claim.claimedBy?.id === me) return undefined;
  return Date.parse(claim.expiresOn ?? "") > now ? claim : undefined;
}

/** "Ann Ray", or words for somebody whose name isn't known. */
export const holderName = (claim: ReviewClaim): string => claim.name || "Another reviewer";
