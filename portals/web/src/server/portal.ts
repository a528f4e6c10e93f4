/** The three portals, each with cookies of its own, so that one person can be signed in to all of them. */
export type Portal = "dashboard" | "dm" | "manage";

export const accessCookie = (portal: Portal): string => `${portal}_access_token`;
export const refreshCookie = (portal: Portal): string => `${portal}_refresh_token`;

/** Where the gateway listens, as seen from this server. */
export function gatewayUrl(): string {
  return (process.env.GATEWAY_URL ?? "http://127.0.0.1:3003").replace(/\/+$/, "");
}
