import { createHash, randomBytes } from "node:crypto";

const BYTES = 32;

/** A secret for a person's link or device; only its hash is stored. */
export function newSecret(): string {
  return randomBytes(BYTES).toString("base64url");
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
