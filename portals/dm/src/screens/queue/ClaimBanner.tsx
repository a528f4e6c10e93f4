"use client";
import { Button, Icon } from "@leadmetrics/ui";
import { type ReviewClaim, useFormat } from "@leadmetrics/web";
import { holderName } from "./claims.ts";

/** Says that somebody else is at this draft, before two people do the same work. */
export function ClaimBanner({ claim, onTakeOver }: { claim: ReviewClaim; onTakeOver: () => void }) {
  const format = useFormat();
  return (
    <p
      role="status"
      className="mb-5 flex flex-wrap items-center gap-2 rounded-control border border-warn/60 px-3 py-1.5 text-sm"
    >
      <Icon of="eye" className="text-warn" />
      <span className="min-w-0 flex-1">
        {holderName(claim)} is at this draft, since {format.relative(claim.claimedOn ?? undefined)}.
      </span>
      <Button size="small" hint="c" onPress={onTakeOver}>
        Take over
      </Button>
    </p>
  );
}
