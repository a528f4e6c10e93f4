import { errors, FLAG_NAMES, platformSettings, toRef } from "@leadmetrics/kit";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { errorSchema } from "../edge/errors.ts";

const platform = z.object({
  banner: z.string().describe("one line over every page of every portal; empty for none"),
  signUpOpen: z.boolean(),
});

/** What every portal is told of the platform's settings, before one is signed in too. */
export function installPlatform(app: FastifyInstance): void {
  app.get(
    "/platform",
    { schema: { summary: "What holds for all portals now", response: { 200: platform } } },
    async () => ({
      banner: platformSettings.get("portals.banner"),
      signUpOpen: platformSettings.get("sign_up.open"),
    }),
  );
}

/** Which features the caller's company has. */
export function installFeatures(app: FastifyInstance): void {
  app.get(
    "/features",
    {
      schema: {
        summary: "Which features my company has",
        response: { 200: z.object({ items: z.array(z.string()) }), "4xx": errorSchema },
      },
    },
    async ({ principal }) => {
      if (principal.kind !== "tenant") throw errors.forbidden();
      const tenantRef = toRef(principal.tenantId);
      return { items: FLAG_NAMES.filter((name) => platformSettings.has(name, tenantRef)) };
    },
  );
}
