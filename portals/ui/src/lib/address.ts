const SCHEMES = new Set(["http", "https", "mailto", "tel"]);

/** An address of a draft that a link may lead to; undefined for one that could run something. */
export function safeAddress(address: string): string | undefined {
  const scheme = /^[^/?#]*?:/.exec(address)?.[0].slice(0, -1).toLowerCase();
  return scheme === undefined || SCHEMES.has(scheme) ? address : undefined;
}
