import { isIP } from "node:net";
import { z } from "zod";

/** Where the passkeys of a portal are good: WebAuthn's relying party. */
export interface PasskeySite {
  /** A host name without port: the portal's own, or a parent domain that several portals share. */
  readonly rpId: string;
  /** Origins whose pages may use them. */
  readonly origins: readonly string[];
}

const site = z
  .object({ rpId: z.string().min(1), origins: z.array(z.url()).min(1) })
  .superRefine(({ rpId, origins }, issues) => {
    // Browsers refuse both; better to learn it at start.
    if (isIP(rpId) !== 0 || rpId.includes(":") || rpId.includes("/"))
      issues.addIssue({
        code: "custom",
        message: `rpId "${rpId}" must be a host name, not an address or a URL`,
      });
    for (const origin of origins) {
      const url = new URL(origin);
      if (url.origin !== origin)
        issues.addIssue({
          code: "custom",
          message: `origin "${origin}" must be scheme, host and port alone`,
        });
      if (url.hostname !== rpId && !url.hostname.endsWith(`.${rpId}`))
        issues.addIssue({ code: "custom", message: `origin "${origin}" is not within rpId "${rpId}"` });
      if (url.protocol !== "https:" && url.hostname !== "localhost")
        issues.addIssue({ code: "custom", message: `origin "${origin}" must be https` });
    }
  });

const local = (port: number) => ({ rpId: "localhost", origins: [`http://localhost:${port}`] });

/** `PASSKEY_SITES`: portal → its site. A laptop's portals when left out. */
export const passkeySites = z
  .string()
  .default(JSON.stringify({ dashboard: local(3000), manage: local(3001), dm: local(3002) }))
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.object({ dashboard: site, dm: site, manage: site }))
  .describe('JSON: portal → {"rpId": "app.example.com", "origins": ["https://app.example.com"]}');

export type PasskeySites = z.output<typeof passkeySites>;
