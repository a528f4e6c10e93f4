import { AppError, asCaller, errors, type RpcClients } from "@leadmetrics/kit";
import { AuthService, ImpersonationSchema } from "@leadmetrics/proto/identity/v1/auth";
import { ImpersonationService } from "@leadmetrics/proto/identity/v1/impersonation";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { accessCookie, refreshCookie } from "../edge/caller.ts";
import { errorSchema } from "../edge/errors.ts";
import { outputSchema } from "../wire/schema.ts";
import { toWire } from "../wire/to-wire.ts";
import { byAddress } from "./auth.ts";
import { type SessionRouteOptions, setCookies } from "./session.ts";

const OPENINGS_PER_MINUTE = 10;
const body = z.strictObject({
  ticket: z.string().min(1).max(200),
  replace: z.boolean().optional().describe("sign out whoever uses the dashboard in this browser"),
});
const acting = z.object({ act: z.unknown() });

/** Takes the ticket of a super admin: the dashboard's cookies, for half an hour at most. */
export function installImpersonationRoute(
  app: FastifyInstance,
  rpc: RpcClients,
  { publicCtx, secure, scale }: SessionRouteOptions,
): void {
  const impersonations = rpc.client(ImpersonationService, "identity");
  const auth = rpc.client(AuthService, "identity");
  app.post(
    "/impersonation",
    {
      config: { rateLimit: { max: OPENINGS_PER_MINUTE * scale, ...byAddress } },
      schema: {
        summary:
          "Open the dashboard in a client's place with a ticket; 409 while this browser is signed in there",
        body,
        response: {
          200: z.object({ impersonation: outputSchema(ImpersonationSchema) }),
          "4xx": errorSchema,
        },
      },
    },
    async (request, reply) => {
      const { ticket, replace } = request.body as z.output<typeof body>;
      const before = request.cookies[refreshCookie("dashboard")];
      if (before && !replace && !isImpersonated(request))
        throw new AppError(
          "conflict",
          "dashboard_in_use",
          "Somebody is signed in to the dashboard in this browser. Looking in a client's place signs them out here.",
        );
      const ctx = asCaller(publicCtx(request));
      const { tokens, impersonation } = await impersonations.openImpersonation({ ticket }, ctx);
      if (!tokens || !impersonation) throw errors.internal(new Error("identity answered without tokens"));
      // What this browser had is ended, not forgotten with its cookie.
      if (before) await auth.logout({ refreshToken: before }, ctx);
      setCookies(reply, "dashboard", tokens, secure);
      return { impersonation: toWire(ImpersonationSchema, impersonation) };
    },
  );
}

/** Whether this browser's dashboard session is one in a client's place: read, not trusted. */
function isImpersonated(request: FastifyRequest): boolean {
  const payload = request.cookies[accessCookie("dashboard")]?.split(".")[1] ?? "";
  try {
    return (
      acting.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8"))).data?.act !== undefined
    );
  } catch {
    return false;
  }
}
