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

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGIT = new Map([...ALPHABET].map((char, value) => [char, BigInt(value)]));
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const REF = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

let lastMs = 0;
let sequence = 0;
const random = Buffer.alloc(10);

/**
 * A new id, greater than every id this process made before, also within one millisecond.
 *
 * @param now milliseconds since 1970
 */
export function newId(now: number = Date.now()): Id {
  randomFillSync(random);
  if (now > lastMs) {
    lastMs = now;
    // Starting in the lower half leaves room to count up within the millisecond.
    sequence = random.readUInt16BE(0) & 0x7ff;
  } else {
    sequence += 1;
    if (sequence > 0xfff) {
      lastMs += 1;
      sequence = 0;
    }
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const counter = (0x7000 | sequence).toString(16);
  const variant = (0x8000 | (random.readUInt16BE(2) & 0x3fff)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${counter}-${variant}-${random.toString("hex", 4, 10)}` as Id;
}

/** How an id is written outside. */
export function toRef(id: Id): Ref {
  let bits = BigInt(`0x${id.replaceAll("-", "")}`);
  let ref = "";
  for (let index = 0; index < 26; index++) {
    ref = ALPHABET.charAt(Number(bits & 31n)) + ref;
    bits >>= 5n;
  }
  return ref as Ref;
}

/** The id a reference stands for; undefined for anything that is no reference. Lower case is fine. */
export function tryFromRef(ref: string): Id | undefined {
  const upper = ref.toUpperCase();
  if (!REF.test(upper)) return undefined;
  let bits = 0n;
  for (const char of upper) bits = (bits << 5n) | (DIGIT.get(char) ?? 0n);
  const hex = bits.toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    "-",
  ) as Id;
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
