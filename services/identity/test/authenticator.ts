import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

type Cbor = number | string | Uint8Array | Map<number | string, Cbor>;

/** Canonical CBOR (RFC 8949) of what a passkey is made of. */
function cbor(value: Cbor): Buffer {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string")
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([
    head(5, value.size),
    ...[...value].flatMap(([key, inner]) => [cbor(key), cbor(inner)]),
  ]);
}

function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([(major << 5) | count]);
  if (count < 256) return Buffer.from([(major << 5) | 24, count]);
  return Buffer.from([(major << 5) | 25, count >> 8, count & 255]);
}

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest();
const b64 = (data: Uint8Array) => Buffer.from(data).toString("base64url");

const UP = 0x01;
const UV = 0x04;
const AT = 0x40;

interface Held {
  readonly id: Buffer;
  readonly rpId: string;
  readonly userHandle: string;
  readonly key: KeyObject;
  counter: number;
}

export interface Misbehaviour {
  /** The page the browser is on. */
  origin?: string;
  /** The site the authenticator signs for, in place of the one asked for. */
  rpId?: string;
  /** The person didn't show a finger or a PIN. */
  unverified?: boolean;
  challenge?: string;
  /** In place of counting up. */
  counter?: number;
  userHandle?: string;
  /** Signs with a key of its own making. */
  wrongKey?: boolean;
}

/** An authenticator that does on the wire what a phone does: ES256, resident keys, attestation "none". */
export class SoftwareAuthenticator {
  readonly #held: Held[] = [];
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** `navigator.credentials.create`. @returns RegistrationResponseJSON */
  create(optionsJson: string, odd: Misbehaviour = {}): string {
    const options = JSON.parse(optionsJson) as {
      challenge: string;
      rp: { id: string };
      user: { id: string };
      excludeCredentials?: { id: string }[];
    };
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const held: Held = {
      id: randomBytes(32),
      rpId: odd.rpId ?? options.rp.id,
      userHandle: options.user.id,
      key: privateKey,
      counter: 0,
    };
    this.#held.push(held);
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    const coseKey = cbor(
      new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, "base64url")],
        [-3, Buffer.from(y, "base64url")],
      ]),
    );
    const length = Buffer.alloc(2);
    length.writeUInt16BE(held.id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, held.id, coseKey]);
    const authData = this.#authData(held, UP | AT | (odd.unverified ? 0 : UV), attested);
    const attestation = new Map<string, Cbor>([
      ["fmt", "none"],
      ["attStmt", new Map()],
      ["authData", authData],
    ]);
    return JSON.stringify({
      ...credential(held),
      response: {
        clientDataJSON: this.#clientData("webauthn.create", odd.challenge ?? options.challenge, odd),
        attestationObject: b64(cbor(attestation)),
        transports: ["internal"],
      },
    });
  }

  /** `navigator.credentials.get` with a discoverable passkey. @returns AuthenticationResponseJSON */
  get(optionsJson: string, odd: Misbehaviour = {}): string {
    const options = JSON.parse(optionsJson) as { challenge: string; rpId: string };
    const held = this.#held.find((one) => one.rpId === options.rpId);
    if (!held) throw new Error(`no passkey for ${options.rpId}`);
    held.counter = odd.counter ?? held.counter + 1;
    const authData = this.#authData({ ...held, rpId: odd.rpId ?? held.rpId }, UP | (odd.unverified ? 0 : UV));
    const clientData = this.#clientData("webauthn.get", odd.challenge ?? options.challenge, odd);
    const key = odd.wrongKey ? generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey : held.key;
    const signature = createSign("sha256")
      .update(Buffer.concat([authData, sha256(Buffer.from(clientData, "base64url"))]))
      .sign(key);
    return JSON.stringify({
      ...credential(held),
      response: {
        clientDataJSON: clientData,
        authenticatorData: b64(authData),
        signature: b64(signature),
        userHandle: odd.userHandle ?? held.userHandle,
      },
    });
  }

  #authData(held: Held, flags: number, attested = Buffer.alloc(0)): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(held.counter);
    return Buffer.concat([sha256(held.rpId), Buffer.from([flags]), counter, attested]);
  }

  #clientData(type: string, challenge: string, odd: Misbehaviour): string {
    const data = { type, challenge, origin: odd.origin ?? this.#origin, crossOrigin: false };
    return b64(Buffer.from(JSON.stringify(data)));
  }
}

function credential(held: Held) {
  return { id: b64(held.id), rawId: b64(held.id), type: "public-key", clientExtensionResults: {} };
}
