import type { PublicationStatusName, StatusName, TargetDecisionName } from "../db.ts";
import { isPublishing } from "../targets/rules.ts";
import { TUNABLES } from "./tunables.ts";

interface Facts {
  readonly status: PublicationStatusName;
  readonly lease_until: Date | null;
  readonly next_try: Date;
}

/** What is to be done about a publication now. */
export type Move = "send" | "look_up" | "confirm" | "wait";

/** One that was being sent when its sender went away may be there or not: it is looked up, never sent again blindly. */
export function nextMove(publication: Facts, now: Date): Move {
  if (publication.lease_until && publication.lease_until > now) return "wait";
  switch (publication.status) {
    case "accepted":
      return "confirm";
    case "sending":
      return "look_up";
    case "prepared":
      return publication.next_try <= now ? "send" : "wait";
    case "unconfirmed":
      return publication.next_try <= now ? "look_up" : "wait";
    default:
      return "wait";
  }
}

/**
 * Whether a publication may go out: the plan stands, both approvals hold for exactly this text, and the client has not said
 * no to this channel. A client's approval that spoke of no channel by itself was for all.
 */
export function mayGoOut(facts: {
  planStatus: string;
  activityStatus: StatusName;
  activityHash: string;
  publicationHash: string;
  decision: TargetDecisionName;
  approvals: readonly { step: string; decision: string; content_hash: string }[];
}): boolean {
  const holds = (step: string) =>
    facts.approvals.some(
      (approval) =>
        approval.step === step &&
        approval.decision !== "rejected" &&
        approval.content_hash === facts.publicationHash,
    );
  return (
    facts.planStatus !== "awaiting_approval" &&
    isPublishing(facts.activityStatus) &&
    facts.decision !== "declined" &&
    facts.activityHash === facts.publicationHash &&
    holds("dm_review") &&
    holds("client_review")
  );
}

/** After a look-up that found nothing: look again, or be sure that it isn't there. */
export function afterAbsence(lookups: number): { kind: "again"; inMs: number } | { kind: "sure" } {
  const pause = TUNABLES.lookupPausesMs[lookups];
  return pause === undefined ? { kind: "sure" } : { kind: "again", inMs: pause };
}
