import { createLocalJWKSet, type JSONWebKeySet, errors as jose, jwtVerify } from "jose";
import { z } from "zod";
import { AppError, errors } from "../errors.ts";
import { asTenantId, tryFromRef } from "../ids.ts";
import type { Impersonator, Principal } from "../principal.ts";
import type { Rights } from "./rights.ts";

export const TOKEN_ISSUER = "leadmetrics-identity";
export const TOKEN_AUDIENCE = "leadmetrics";

/** The public keys that tokens are verified with; `fresh` asks for what there is now. */
export type KeySource = (fresh: boolean) => Promise<JSONWebKeySet>;

/** Milliseconds before an unknown key id makes the keys be fetched again. */
const REFETCH_PAUSE_MS = 2_000;

/** Keys are asked for anew after this long, milliseconds: one that was withdrawn must stop working everywhere. */
const KEYS_MAX_AGE_MS = 10 * 60_000;

const claims = z.discriminatedUnion("typ", [
  z.object({ typ: z.literal("service"), sub: z.string().min(1) }),
  z.object({
    typ: z.literal("user").default("user"),
    sub: z.string(),
    sid: z.string(),
    role: z.enum(["owner", "admin", "member", "viewer", "reviewer", "super_admin"]),
    tid: z.string().optional(),
    apps: z.array(z.string()).default([]),
    // RFC 8693: who really acts for `sub`.
    act: z.object({ sub: z.string(), name: z.string(), reason: z.string() }).optional(),
  }),
]);

/** Tokens whose signature was found good and is not computed again; the oldest is forgotten for a new one. */
const VERIFIED_MAX = 5_000;
/** Seconds by which clocks may differ. */
const CLOCK_TOLERANCE_S = 5;

type Keys = ReturnType<typeof createLocalJWKSet>;

/** What a token with a good signature says, for as long as it is good. */
interface Bearer {
  /** Seconds since 1970. */
  readonly expires: number;
  /** What a person's token names, as references; a service has none of it. */
  readonly person?: { readonly session: string; readonly user: string; readonly tenant?: string };
  /** Without what {@link Rights} knows: a reviewer's tenants, a contract that waits. */
  readonly principal: Principal;
}

/** Turns a bearer token into the principal it stands for. */
export class TokenVerifier {
  readonly #source: KeySource;
  readonly #rights: Rights;
  #keys: Keys | undefined;
  #fetching: Promise<Keys> | undefined;
  #fetchedAt = 0;
  readonly #verified = new Map<string, Bearer>();

  constructor(source: KeySource, rights: Rights) {
    this.#source = source;
    this.#rights = rights;
  }

  /** @throws AppError unauthenticated: token_expired (refresh it), session_revoked (sign in again), token_invalid */
  async verify(token: string): Promise<Principal> {
    const { person, principal } = await this.#bearer(token);
    if (!person) return principal;
    if (this.#rights.isRevoked(person.session))
      throw errors.unauthenticated("session_revoked", "This session has ended. Sign in again.");
    if (principal.kind === "platform" && principal.role === "reviewer")
      return { ...principal, tenantIds: this.#rights.assignedTo(person.user) };
    if (principal.kind === "tenant" && person.tenant && this.#rights.awaitsContract(person.tenant))
      return { ...principal, beforeContract: true };
    return principal;
  }

  async #bearer(token: string): Promise<Bearer> {
    try {
      try {
        return await this.#verifyWith(token, this.#keys ?? (await this.#fetch(false)));
      } catch (error) {
        if (!(error instanceof jose.JWKSNoMatchingKey) || !this.#mayFetch()) throw error;
        return await this.#verifyWith(token, await this.#fetch(true));
      }
    } catch (error) {
      if (error instanceof jose.JWTExpired)
        throw errors.unauthenticated("token_expired", "The access token is over. Refresh it.");
      if (error instanceof jose.JOSEError) throw invalid();
      if (error instanceof AppError) throw error;
      throw errors.unavailable("Sign-in can't be checked at the moment. Try again in a moment.", error);
    }
  }

  async #verifyWith(token: string, keys: Keys): Promise<Bearer> {
    // Not waited for, and a failure changes nothing: the keys at hand are good until there are newer ones.
    if (Date.now() - this.#fetchedAt > KEYS_MAX_AGE_MS) void this.#fetch(true).catch(() => {});
    const known = this.#verified.get(token);
    if (known && known.expires + CLOCK_TOLERANCE_S > Date.now() / 1_000) return known;
    const { payload } = await jwtVerify(token, keys, {
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
      algorithms: ["EdDSA"],
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ["exp"],
    });
    const parsed = claims.safeParse({ typ: "user", ...payload });
    if (!parsed.success) throw invalid();
    const bearer = bearerOf(parsed.data, payload.exp ?? 0);
    const [oldest] = this.#verified.size >= VERIFIED_MAX ? this.#verified.keys() : [];
    if (oldest !== undefined) this.#verified.delete(oldest);
    this.#verified.set(token, bearer);
    return bearer;
  }

  /** A fetch under way may bring the key; a new one only after a pause, or made-up key ids would flood identity. */
  #mayFetch(): boolean {
    return this.#fetching !== undefined || Date.now() - this.#fetchedAt > REFETCH_PAUSE_MS;
  }

  /** One fetch, however many ask at the same time. */
  #fetch(fresh: boolean): Promise<Keys> {
    this.#fetchedAt = Date.now();
    this.#fetching ??= this.#source(fresh)
      .then((jwks) => {
        this.#keys = createLocalJWKSet(jwks);
        // What a key signed that isn't there any more is no longer good.
        this.#verified.clear();
        return this.#keys;
      })
      .finally(() => {
        this.#fetching = undefined;
      });
    return this.#fetching;
  }
}

/** @throws AppError unauthenticated for references that are none, and for a company's user without a company */
function bearerOf(token: z.infer<typeof claims>, expires: number): Bearer {
  if (token.typ === "service") return { expires, principal: { kind: "service", service: token.sub } };
  const { sub, sid, role, tid, apps, act } = token;
  const userId = tryFromRef(sub);
  const sessionId = tryFromRef(sid);
  if (!userId || !sessionId) throw invalid();
  const person = { session: sid, user: sub };
  const user = { userId, sessionId, apps };
  // Nobody acts in the place of the platform's own people.
  if (act && (role === "reviewer" || role === "super_admin")) throw invalid();
  if (role === "reviewer" || role === "super_admin")
    return { expires, person, principal: { kind: "platform", role, ...user, tenantIds: [] } };
  const tenantId = tid === undefined ? undefined : tryFromRef(tid);
  if (!tenantId) throw invalid();
  return {
    expires,
    person: { ...person, tenant: tid },
    principal: {
      kind: "tenant",
      role,
      ...user,
      tenantId: asTenantId(tenantId),
      ...(act ? { impersonator: impersonatorOf(act) } : {}),
    },
  };
}

function impersonatorOf({ sub, name, reason }: Record<"sub" | "name" | "reason", string>): Impersonator {
  const userId = tryFromRef(sub);
  if (!userId) throw invalid();
  return { userId, name, reason };
}

function invalid() {
  return errors.unauthenticated("token_invalid", "The access token isn't valid. Sign in again.");
}
