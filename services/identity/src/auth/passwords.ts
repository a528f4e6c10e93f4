import { hash, verify } from "@node-rs/argon2";

/** argon2id (2) with OWASP's second choice of cost: 19 MiB, two passes, one lane. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

let decoy: Promise<string> | undefined;

export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

/** Takes the same time whether or not there is a hash to compare with. */
export async function passwordMatches(stored: string | undefined, password: string): Promise<boolean> {
  decoy ??= hash("there is no such account", OPTIONS);
  const matches = await verify(stored ?? (await decoy), password);
  return stored !== undefined && matches;
}
