import { ConnectError } from "@connectrpc/connect";
import { AppError, errors, fromConnectError, toRef } from "@leadmetrics/kit";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { z } from "zod";

/** The one shape of every error, 404 and 429 included. */
export const errorSchema = z.object({
  error: z.object({
    code: z.string().describe("stable word for programs"),
    message: z.string().describe("what happened and what to do, for people"),
    details: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("`fields`: which field is wrong and how; otherwise the present state"),
    requestId: z.string(),
  }),
});

/** Errors of Fastify itself, in our words. */
const FASTIFY: Record<string, { status: number; code: string; message: string }> = {
  FST_ERR_CTP_INVALID_JSON_BODY: {
    status: 400,
    code: "broken_json",
    message: "The body is not valid JSON. Check its brackets, commas and quotes.",
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    code: "empty_body",
    message: "The body is empty. Send a JSON object, or leave out the content type.",
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: "wrong_content_type",
    message: 'Send the body as "application/json".',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: "body_too_large",
    message: "The body is larger than 512 KB.",
  },
  FST_REQ_FILE_TOO_LARGE: { status: 413, code: "file_too_large", message: "The file is larger than 10 MB." },
  FST_ERR_BAD_URL: {
    status: 400,
    code: "broken_url",
    message: "The address can't be read. Check what is coded with % in it.",
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    status: 414,
    code: "address_too_long",
    message: "A part of the address is longer than any of ours. Check the reference in it.",
  },
  FST_FILES_LIMIT: { status: 413, code: "too_many_files", message: "At most 32 files can be sent at once." },
};

/** For what goes wrong before there is a route: Fastify asks nobody else then. */
export function beforeRouting(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const known = FASTIFY[error.code];
  if (known) void reply.status(known.status).send(body(request, known.code, known.message));
  else void send(request, reply, errors.internal(error));
}

export function installErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    send(
      request,
      reply,
      new AppError(
        "not_found",
        "no_such_route",
        `There is no ${request.method} ${request.url.split("?")[0]}. See /docs.`,
      ),
    ),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error))
      return send(request, reply, invalidRequest(error.validation));
    const known = FASTIFY[error.code];
    if (known) return reply.status(known.status).send(body(request, known.code, known.message));
    if (error instanceof AppError || error instanceof ConnectError)
      return send(request, reply, fromConnectError(error));
    if (error.statusCode && error.statusCode < 500) {
      return reply.status(error.statusCode).send(body(request, "bad_request", error.message));
    }
    return send(request, reply, errors.internal(error));
  });
}

/** Answers with an error. Defects are logged with their cause; the caller learns the request id. */
export function send(request: FastifyRequest, reply: FastifyReply, error: AppError): FastifyReply {
  if (error.kind === "internal")
    request.log.error({ ...tenantIn(request), err: error.cause ?? error }, "a request failed");
  if (error.retryAfterMs !== undefined)
    reply.header("retry-after", Math.max(1, Math.ceil(error.retryAfterMs / 1_000)));
  return reply.status(error.status).send(body(request, error.reason, error.message, detailsOf(error)));
}

/** Whose request it was, for its log line. */
function tenantIn({ principal }: FastifyRequest): { tenant?: string } {
  // Before a route's guard nobody is known.
  return principal?.kind === "tenant" ? { tenant: toRef(principal.tenantId) } : {};
}

function body(request: FastifyRequest, code: string, message: string, details?: Record<string, unknown>) {
  return { error: { code, message, ...(details ? { details } : {}), requestId: request.id } };
}

function detailsOf(error: AppError): Record<string, unknown> | undefined {
  const details: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(error.metadata)) details[camel(key)] = value;
  if (error.fields.length > 0) details.fields = error.fields;
  return Object.keys(details).length > 0 ? details : undefined;
}

function camel(key: string): string {
  return key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function invalidRequest(issues: { instancePath: string; message?: string; params?: unknown }[]): AppError {
  const fields = issues.map((issue) => ({
    field: issue.instancePath.replace(/^\//, "").replaceAll("/", "."),
    description: issue.message ?? "is not valid",
  }));
  const [first] = fields;
  return errors.invalid(
    first ? `${first.field ? `${first.field}: ` : ""}${first.description}` : "The request is not valid.",
    fields,
  );
}
