import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { DEVELOPMENT_MARK } from "./config.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = "v1";

/** Seals values so that a copy of the database alone tells nothing. */
export interface SecretBox {
  /**
   * @param aad what the value belongs to (`channel:<id>`): a sealed value moved to another record doesn't open
   * @returns `v1.<key id>.<base64url of nonce, tag and ciphertext>`
   */
  seal(plain: string, aad: string): string;
  /** @throws Error when the value was changed, moved, or sealed with a key that isn't known any more */
  open(sealed: string, aad: string): string;
  /** True when the value should be sealed again because an older key sealed it. */
  outdated(sealed: string): boolean;
}

/** @param keys `kid:base64,kid:base64`; the first seals, all of them open */
export function secretBox(keys: string): SecretBox {
  const ring = parseKeys(keys);
  const [current] = ring.keys();
  if (current === undefined) throw new Error("ENCRYPTION_KEYS names no key");
  const keyOf = (kid: string): Buffer => {
    const key = ring.get(kid);
    if (!key)
      throw new Error(
        `no encryption key "${kid}": put it back into ENCRYPTION_KEYS until everything is sealed anew`,
      );
    return key;
  };
  return {
    seal(plain, aad) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", keyOf(current), nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(`${current}|${aad}`));
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return `${VERSION}.${current}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open(sealed, aad) {
      const [version, kid, text] = sealed.split(".");
      if (version !== VERSION || !kid || !text) throw new Error("this is not a sealed value");
      const bytes = Buffer.from(text, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", keyOf(kid), bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(`${kid}|${aad}`));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return (
        decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, "utf8") + decipher.final("utf8")
      );
    },
    outdated: (sealed) => sealed.split(".")[1] !== current,
  };
}

function parseKeys(keys: string): Map<string, Buffer> {
  const ring = new Map<string, Buffer>();
  for (const entry of keys.split(",")) {
    const colon = entry.indexOf(":");
    const kid = entry.slice(0, colon).trim();
    const key = Buffer.from(entry.slice(colon + 1), "base64");
    if (colon < 1 || kid.includes(".")) throw new Error("ENCRYPTION_KEYS must read kid:base64,kid:base64");
    if (key.length !== KEY_BYTES)
      throw new Error(`encryption key "${kid}" has ${key.length} bytes, it needs ${KEY_BYTES}`);
    if (process.env.NODE_ENV === "production" && kid.startsWith(DEVELOPMENT_MARK)) {
      throw new Error(`encryption key "${kid}" is a development key. Production needs one of its own.`);
    }
    ring.set(kid, key);
  }
  return ring;
}
