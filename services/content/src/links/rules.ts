import type { StatusName } from "../db.ts";

interface LinkFacts {
  readonly content_hash: string;
  readonly expires_on: Date;
  readonly revoked_on: Date | null;
  readonly used_on: Date | null;
}

interface ItemFacts {
  readonly title: string;
  readonly status: StatusName;
  readonly content_hash: string;
}

export type Refusal = {
  readonly reason: "link_used" | "link_revoked" | "link_expired" | "link_outdated";
  readonly message: string;
};

/** Why a link can't be used (any more); undefined when it can. A hold, an edit and a decision by anybody end it. */
export function refusalOf(link: LinkFacts, item: ItemFacts, now: Date): Refusal | undefined {
  if (link.used_on)
    return { reason: "link_used", message: "You have decided with this link already. It works once." };
  if (link.revoked_on)
    return { reason: "link_revoked", message: "This link was withdrawn. Sign in to see what waits for you." };
  if (link.expires_on <= now)
    return { reason: "link_expired", message: "This link is over. Sign in to see what waits for you." };
  if (item.content_hash !== link.content_hash)
    return {
      reason: "link_outdated",
      message: `"${item.title}" has been changed since this mail. The new version comes with a mail of its own.`,
    };
  if (item.status !== "client_review")
    return {
      reason: "link_outdated",
      message: `"${item.title}" doesn't wait for a decision any more: it is ${item.status.replaceAll("_", " ")}.`,
    };
  return undefined;
}
