import type { Interceptor } from "@connectrpc/connect";
import { callContextKey } from "../../context.ts";
import { withoutStaffFields } from "../staff-fields.ts";

/** What a client is answered has no field that the contract keeps for the platform's people. */
export function staffFieldsInterceptor(): Interceptor {
  return (next) => async (req) => {
    const response = await next(req);
    if (req.contextValues.get(callContextKey)?.principal.kind !== "tenant") return response;
    const { output } = req.method;
    if (!response.stream) return { ...response, message: withoutStaffFields(output, response.message) };
    const { message } = response;
    async function* shown() {
      for await (const part of message) yield withoutStaffFields(output, part);
    }
    return { ...response, message: shown() };
  };
}
