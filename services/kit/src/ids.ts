import { randomFillSync } from "node:crypto";
import { errors } from "./errors.ts";

declare const idBrand: unique symbol;
declare const tenantBrand: unique symbol;
declare const refBrand: unique symbol;

/** A record's primary key: a lower-case UUID v7. Never leaves the service. */
export type Id = string & { readonly [idBrand]: true };
/** The {@link Id} of a tenant. */
export type TenantId = Id & { readonly [tenantBrand]: true };
/** The same 128 bits as a ULID, the only spelling shown outside. Sorts like the id: by creation. */
export type Ref = string & { readonly [refBrand]: true };

/** Crockford's base32: five bits a digit. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const HEX = "0123456789abcdef";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const REF_LENGTH = 26;
/** Hexadecimal digits that are followed by a hyphen. */
const HYPHEN_AFTER = new Set([8, 12, 16, 20]);

const NO_DIGIT = 255;
const REF_DIGITS = digits(ALPHABET);
const HEX_DIGITS = digits(HEX);

/** Value of each ASCII character as a digit, upper and lower case alike. */
function digits(alphabet: string): Uint8Array {
  const table = new Uint8Array(128).fill(NO_DIGIT);
  for (const [value, char] of [...alphabet].entries()) {
    table[char.toUpperCase().charCodeAt(0)] = value;
    table[char.toLowerCase().charCodeAt(0)] = value;
  }
  return table;
}

let lastMs = 0;
let sequence = 0;
const RANDOM_BYTES = 10;
/** Asked of the system for this many ids at once: one by one it costs more than the rest of the id. */
const random = Buffer.alloc(RANDOM_BYTES * 256);
let taken = random.length;

/**
 * A new id, greater than every id this process made before, also within one millisecond.
 *
 * @param now milliseconds since 1970
 */
export function newId(now: number = Date.now()): Id {
  if (taken === random.length) {
    randomFillSync(random);
    taken = 0;
  }
  const at = taken;
  taken += RANDOM_BYTES;
  if (now > lastMs) {
    lastMs = now;
    // Starting in the lower half leaves room to count up within the millisecond.
    sequence = random.readUInt16BE(at) & 0x7ff;
  } else {
    sequence += 1;
    if (sequence > 0xfff) {
      lastMs += 1;
      sequence = 0;
    }
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const counter = (0x7000 | sequence).toString(16);
  const variant = (0x8000 | (random.readUInt16BE(at + 2) & 0x3fff)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${counter}-${variant}-${random.toString("hex", at + 4, at + RANDOM_BYTES)}` as Id;
}

/** How an id is written outside. */
export function toRef(id: Id): Ref {
  let ref = "";
  let held = 0;
  // 26 digits are 130 bits; the first two of them are zero.
  let bits = 2;
  for (let index = 0; index < id.length; index++) {
    const digit = HEX_DIGITS[id.charCodeAt(index)] ?? NO_DIGIT;
    if (digit === NO_DIGIT) continue;
    held = (held << 4) | digit;
    bits += 4;
    if (bits < 5) continue;
    bits -= 5;
    ref += ALPHABET.charAt(held >> bits);
    held &= (1 << bits) - 1;
  }
  return ref as Ref;
}

/** The id a reference stands for; undefined for anything that is no reference. Lower case is fine. */
export function tryFromRef(ref: string): Id | undefined {
  if (ref.length !== REF_LENGTH) return undefined;
  let id = "";
  let written = 0;
  let held = 0;
  let bits = -2;
  for (let index = 0; index < REF_LENGTH; index++) {
    const digit = REF_DIGITS[ref.charCodeAt(index)] ?? NO_DIGIT;
    // The first digit has three bits to give.
    if (digit === NO_DIGIT || (index === 0 && digit > 7)) return undefined;
    held = (held << 5) | digit;
    bits += 5;
    while (bits >= 4) {
      bits -= 4;
      id += HEX.charAt(held >> bits);
      held &= (1 << bits) - 1;
      written += 1;
      if (HYPHEN_AFTER.has(written)) id += "-";
    }
  }
  return id as Id;
}

/**
 * The id a reference stands for.
 *
 * @throws NOT_FOUND for a malformed one: to a caller it is the same as one that doesn't exist
 */
export function fromRef(ref: string, what = "record"): Id {
  const id = tryFromRef(ref);
  if (!id) throw errors.notFound(what);
  return id;
}

/** An id read back from a store or a fixture. */
export function isId(text: string): text is Id {
  return UUID.test(text);
}

/** Says that an id is a tenant's, where it is known from elsewhere (a token's claim, a column). */
export function asTenantId(id: Id): TenantId {
  return id as TenantId;
}
