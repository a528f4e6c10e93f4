import { TUNABLES } from "../tunables.ts";

/** The passwords that are tried first everywhere, of those long enough to pass the length rule, and their roots. */
const COMMON = [
  "password",
  "123456789012",
  "qwertyuiop",
  "letmein",
  "iloveyou",
  "welcome",
  "administrator",
  "changeme",
  "passw0rd",
];

/** Why a password can't be taken, in a sentence; undefined when it can. */
export function passwordProblem(password: string, email: string): string | undefined {
  if ([...password].length < TUNABLES.passwordMinLength) {
    return `Choose a password of at least ${TUNABLES.passwordMinLength} characters; a short sentence works well.`;
  }
  const plain = password.toLowerCase();
  if (new Set(plain).size < 5)
    return "This password repeats the same few characters. Choose one with more variety.";
  const rest = COMMON.reduce((text, common) => text.replaceAll(common, ""), plain).replace(/[\d\W_]/g, "");
  if (rest.length < 4) return "This password is among those tried first. Choose another one.";
  const local = email.toLowerCase().split("@")[0] ?? "";
  if (local.length >= 4 && plain.includes(local)) return "The password must not contain your e-mail address.";
  return undefined;
}

/** Milliseconds an address is locked after this many failures in a row; 0 means not. */
export function lockFor(failures: number): number {
  const over = failures - TUNABLES.lockAfterFailures;
  return over < 0 ? 0 : Math.min(TUNABLES.lockMs * 2 ** over, TUNABLES.longestLockMs);
}

export type RefreshVerdict = "rotate" | "unknown" | "reused" | "ended";

interface TokenFacts {
  readonly usedOn: Date | null;
  readonly revokedOn: Date | null;
  readonly expiresOn: Date;
}

/** What a presented refresh token means. One that was used before was stolen or replayed: its family must end. */
export function judgeRefresh(token: TokenFacts | undefined, now: Date): RefreshVerdict {
  if (!token) return "unknown";
  if (token.revokedOn || token.expiresOn <= now) return "ended";
  return token.usedOn ? "reused" : "rotate";
}

export interface MembershipFacts {
  readonly tenantRef: string;
  readonly active: boolean;
}

/** The tenant a sign-in is for: the one asked for, else the one used last, else the first. Suspended ones don't count. */
export function chooseMembership<M extends MembershipFacts>(
  memberships: readonly M[],
  asked: string,
  last: string | undefined,
): M | undefined {
  const open = memberships.filter((membership) => membership.active);
  if (asked) return open.find((membership) => membership.tenantRef === asked);
  return open.find((membership) => membership.tenantRef === last) ?? open[0];
}

/** Whether a platform role may use an app; client users use the dashboard alone. */
export function mayUse(
  app: "dashboard" | "dm" | "manage",
  platformRole: "reviewer" | "super_admin" | null,
): boolean {
  if (app === "dashboard") return platformRole === null;
  return platformRole === "super_admin" || (app === "dm" && platformRole === "reviewer");
}
