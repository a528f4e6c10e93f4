/** Reading a session's tokens, not trusting them: the gateway verifies, this only decides when to refresh. */

/** Seconds since 1970 at which the access token ends; undefined when it can't be read. */
export function expiresAt(token: string | undefined): number | undefined {
  const payload = token?.split(".")[1];
  if (!payload) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    if (typeof claims !== "object" || claims === null || !("exp" in claims)) return undefined;
    return typeof claims.exp === "number" ? claims.exp : undefined;
  } catch {
    return undefined;
  }
}

/** True when the token is missing, unreadable, or ends within `marginSeconds`. */
export function isStale(token: string | undefined, nowMs: number, marginSeconds = 30): boolean {
  const end = expiresAt(token);
  return end === undefined || end - marginSeconds <= nowMs / 1000;
}

/** The cookies of a `Cookie` header, in order; a value may contain `=`. */
export function parseCookies(header: string | null): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0) cookies.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return cookies;
}

export function formatCookies(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

/** What a browser would hold after these `Set-Cookie` lines; an emptied or ended cookie is gone. */
export function applySetCookies(
  cookies: ReadonlyMap<string, string>,
  lines: readonly string[],
): Map<string, string> {
  const next = new Map(cookies);
  for (const line of lines) {
    const [pair = "", ...attributes] = line.split(";");
    const at = pair.indexOf("=");
    if (at <= 0) continue;
    const name = pair.slice(0, at).trim();
    const value = pair.slice(at + 1).trim();
    const ended = attributes.some((one) => /^\s*max-age=(0|-\d+)\s*$/i.test(one));
    if (ended || value === "") next.delete(name);
    else next.set(name, value);
  }
  return next;
}
