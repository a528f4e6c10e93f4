import { IconsAhead, themeScript } from "@leadmetrics/ui";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "./Providers.tsx";

/** The document of every page. Reading the nonce makes pages render per request, which the policy needs. */
export async function RootDocument({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <meta property="csp-nonce" nonce={nonce} content={nonce} />
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours that must run before the first paint */}
        <script nonce={nonce} dangerouslySetInnerHTML={{ __html: themeScript }} suppressHydrationWarning />
      </head>
      <body>
        <IconsAhead />
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
