import { createHash } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { TUNABLES } from "../tunables.ts";

/** Who the codes are for, as authenticator apps show it. */
const ISSUER = "Leadmetrics";
/** Digits and letters that aren't mistaken for each other when read from paper. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH = 16;
const GROUP = 4;

function totpOf(secret: string, label = ""): TOTP {
  return new TOTP({
    issuer: ISSUER,
    label,
    // What every authenticator app knows; the rest of RFC 6238 isn't understood everywhere.
    algorithm: "SHA1",
    digits: TUNABLES.totpDigits,
    period: TUNABLES.totpStepMs / 1_000,
    secret: Secret.fromBase32(secret),
  });
}

/** @param random 20 bytes. @returns base32, 160 bits */
export function totpSecretOf(random: Uint8Array): string {
  return new Secret({ buffer: Uint8Array.from(random).buffer }).base32;
}

/** What a QR code for an authenticator app says. */
export function otpauthUri(secret: string, email: string): string {
  return totpOf(secret, email).toString();
}

/**
 * The time step a code belongs to, when it may be taken: near the present one and after the last that was, so that a code
 * somebody looked at over a shoulder is worth nothing.
 */
export function stepOfCode(secret: string, code: string, lastStep: number, now: Date): number | undefined {
  // The library compares bytes and throws when there are more of them than digits.
  if (!isTotpCode(code)) return undefined;
  const totp = totpOf(secret);
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: TUNABLES.totpWindowSteps });
  if (delta === null) return undefined;
  const step = Math.floor(now.getTime() / TUNABLES.totpStepMs) + delta;
  return step > lastStep ? step : undefined;
}

/** What was typed, without what people put between: `kx4d-…` and `KX4D …` are the same. */
export function plainCode(typed: string): string {
  const plain = typed.toUpperCase().replace(/[\s-]/g, "");
  return isTotpCode(plain) ? plain : plain.replaceAll("O", "0").replace(/[IL]/g, "1");
}

export function isTotpCode(plain: string): boolean {
  return plain.length === TUNABLES.totpDigits && /^\d+$/.test(plain);
}

/** @param random 16 bytes. @returns 80 bits in four groups, so that its hash can't be searched */
export function recoveryCodeOf(random: Uint8Array): string {
  const letters = [...random.subarray(0, CODE_LENGTH)]
    .map((byte) => ALPHABET[byte % ALPHABET.length])
    .join("");
  return letters.match(new RegExp(`.{${GROUP}}`, "g"))?.join("-") ?? letters;
}

export function recoveryHash(userId: string, plain: string): string {
  return createHash("sha256").update(`${userId}:${plain}`).digest("hex");
}
