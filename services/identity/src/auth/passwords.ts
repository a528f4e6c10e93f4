import { hash, hashSync, verify } from "@node-rs/argon2";

/** argon2id (2) with OWASP's second choice of cost: 19 MiB, two passes, one lane. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** What unknown addresses are compared with. Made at start: the first stranger must not wait longer than the second. */
const DECOY = hashSync("there is no such account", OPTIONS);

/** The only place where passwords are hashed: what an answer costs can be counted here. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** One computation whether or not there is a hash to compare with. */
  matches(stored: string | undefined, password: string): Promise<boolean>;
}

export const argon2Passwords: Passwords = {
  hash: (password) => hash(password, OPTIONS),
  async matches(stored, password) {
    const matches = await verify(stored ?? DECOY, password);
    return stored !== undefined && matches;
  },
};
