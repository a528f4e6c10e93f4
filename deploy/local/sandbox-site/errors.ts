/** An answer in WordPress' error shape. Codes and statuses as measured; the messages are its own. */
export class WpError extends Error {
  readonly code: string;
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    data: Record<string, unknown> = {},
    extra: Record<string, unknown> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.data = data;
    this.extra = extra;
  }

  toJSON() {
    return {
      code: this.code,
      message: this.message,
      data: { status: this.status, ...this.data },
      ...this.extra,
    };
  }
}

/** 401 for nobody, 403 for somebody: what WordPress' `rest_authorization_required_code` gives. */
export function refused(user: unknown, code: string, message: string): WpError {
  return new WpError(user === undefined ? 401 : 403, code, message);
}

export interface ParamProblem {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}

/** One answer that lists every bad parameter. */
export function invalidParams(problems: ReadonlyMap<string, ParamProblem>): WpError {
  const params: Record<string, string> = {};
  const details: Record<string, unknown> = {};
  for (const [name, { code, message, status }] of problems) {
    params[name] = message;
    details[name] = { code, message, data: status === undefined ? null : { status } };
  }
  return new WpError(400, "rest_invalid_param", `Invalid parameter(s): ${[...problems.keys()].join(", ")}`, {
    params,
    details,
  });
}

export const notFound = () => new WpError(404, "rest_post_invalid_id", "Invalid post ID.");
export const noRoute = () =>
  new WpError(404, "rest_no_route", "No route was found matching the URL and request method.");
export const critical = () =>
  new WpError(
    500,
    "internal_server_error",
    '<p>There has been a critical error on this website.</p><p><a href="https://wordpress.org/documentation/article/faq-troubleshooting/">Learn more about troubleshooting WordPress.</a></p>',
    {},
    { additional_errors: [] },
  );
