import { TUNABLES } from "../tunables.ts";

const MINUTE_MS = 60_000;

export interface ClientFacts {
  readonly platformRole: "reviewer" | "super_admin" | null;
  readonly verified: boolean;
  readonly deactivated: boolean;
}

/** Why nobody can look at the dashboard in this person's place; undefined when it can be done. */
export function startProblem(user: ClientFacts): { reason: "not_a_client"; message: string } | undefined {
  if (user.platformRole !== null)
    return { reason: "not_a_client", message: "This person works for the platform and has no dashboard." };
  if (user.deactivated || !user.verified)
    return {
      reason: "not_a_client",
      message: "This person can't sign in themselves: their account is closed, or their address unconfirmed.",
    };
  return undefined;
}

/** When what begins now is over, and until when its ticket can be taken. */
export function termsOf(
  now: Date,
  minutes: number,
): { readonly expiresOn: Date; readonly ticketExpiresOn: Date } {
  return {
    expiresOn: new Date(now.getTime() + Math.min(minutes * MINUTE_MS, TUNABLES.impersonationMs)),
    ticketExpiresOn: new Date(now.getTime() + TUNABLES.impersonationTicketMs),
  };
}

/** Until when a session lives that is used now; one in a client's place never beyond its end. */
export function sessionEnd(now: Date, impersonationEnd: Date | null | undefined): Date {
  const usual = new Date(now.getTime() + TUNABLES.sessionMs);
  return impersonationEnd && impersonationEnd < usual ? impersonationEnd : usual;
}

const CAUSES: Readonly<Record<string, string>> = {
  logged_out: "ended by the one who looked",
  ended_by_admin: "ended in the manage portal",
  revoked: "ended by the person themselves",
  impersonation_over: "its time was over",
  ticket_over: "it was never opened",
  tenant_suspended: "the company was suspended",
};

/** Why one has ended, as the client reads it. */
export function causeOf(reason: string): string {
  return CAUSES[reason] ?? reason.replaceAll("_", " ");
}
