import type { DescMessage, Message } from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import type { Interceptor } from "@connectrpc/connect";
import { AppError } from "../../errors.ts";

const validator = createValidator();

/** Refuses a request that breaks a rule of its contract; each violation names its field. */
export function validateInterceptor(): Interceptor {
  return (next) => async (req) => {
    if (!req.stream) {
      check(req.method.input, req.message);
      return next(req);
    }
    const { message } = req;
    async function* checked() {
      for await (const part of message) {
        check(req.method.input, part);
        yield part;
      }
    }
    return next({ ...req, message: checked() });
  };
}

function check(schema: DescMessage, message: Message): void {
  const result = validator.validate(schema, message);
  if (result.kind === "valid") return;
  if (result.kind === "error") throw result.error;
  const fields = result.violations.map((violation) => ({
    field: violation.field
      .map((part) =>
        part.kind === "field" ? part.localName : part.kind === "list_sub" ? `[${part.index}]` : "",
      )
      .join(".")
      .replaceAll(".[", "["),
    description: violation.message,
  }));
  const [first] = fields;
  throw new AppError(
    "invalid",
    "invalid_argument",
    first ? `${first.field || "The request"}: ${first.description}.` : "The request is not valid.",
    { fields },
  );
}
