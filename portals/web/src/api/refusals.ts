import { ApiError } from "./errors.ts";

const sentences: Record<string, string> = {
  gateway_unreachable: "The platform does not answer right now. Nothing was lost; try again in a moment.",
  invalid_credentials: "This e-mail and password do not belong together.",
  locked_out: "Too many attempts. Wait a few minutes before you try again.",
  email_not_verified: "Confirm your e-mail address first: we have sent you a link.",
  session_ended: "Your session has ended. Sign in again.",
};

const byStatus: Record<number, string> = {
  401: "Your session has ended. Sign in again.",
  403: "Your role does not allow this. Ask an owner or admin of your company.",
  404: "This does not exist, or it is not yours.",
  409: "Somebody was faster: this has changed in the meantime. The page now shows what it is.",
  413: "This is too large.",
  429: "Too many requests in a short time. Wait a moment and try again.",
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Reads `{ error: { code, message, details, requestId } }`; anything else still becomes a sentence. */
export function toApiError(status: number, body: unknown, requestIdHeader?: string | null): ApiError {
  const error = isRecord(body) && isRecord(body.error) ? body.error : {};
  const code = text(error.code) ?? `http_${status}`;
  const { fields, metadata } = readDetails(error.details);
  // A refusal carries a sentence of the service that refused; a failure's text is for logs, not for people.
  const own = status < 500 || status === 503 ? text(error.message) : undefined;
  const message =
    sentences[code] ??
    own ??
    byStatus[status] ??
    (status >= 500
      ? "Something went wrong on our side. Try again; if it stays, send us the id below."
      : "This was refused.");
  return new ApiError({
    status,
    code,
    message,
    fields,
    metadata,
    requestId: text(error.requestId) ?? requestIdHeader ?? undefined,
  });
}

function readDetails(details: unknown): { fields: Record<string, string>; metadata: Record<string, string> } {
  const fields: Record<string, string> = {};
  const metadata: Record<string, string> = {};
  const list = Array.isArray(details)
    ? details
    : isRecord(details) && Array.isArray(details.fields)
      ? details.fields
      : [];
  for (const one of list) {
    if (!isRecord(one)) continue;
    const field = text(one.field) ?? text(one.path);
    const what = text(one.description) ?? text(one.message);
    if (field && what) fields[camel(field)] = what;
  }
  const facts = isRecord(details) ? (isRecord(details.metadata) ? details.metadata : details) : {};
  for (const [key, value] of Object.entries(facts)) if (typeof value === "string") metadata[key] = value;
  return { fields, metadata };
}

const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
