import { type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import {
  isReflectList,
  isReflectMap,
  isReflectMessage,
  type ReflectMessage,
  reflect,
} from "@bufbuild/protobuf/reflect";
import { createValidator } from "@bufbuild/protovalidate";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { AppError, errors } from "../../errors.ts";

const validator = createValidator();

/** Refuses a request that breaks a rule of its contract; each violation names its field. */
export function validateInterceptor(): Interceptor {
  return (next) => async (req) => {
    if (!req.stream) {
      assertValid(req.method.input, req.message);
      return next(req);
    }
    const { message } = req;
    async function* checked() {
      try {
        for await (const part of message) {
          assertValid(req.method.input, part);
          yield part;
        }
      } catch (error) {
        throw unreadable(error) ?? error;
      }
    }
    return next({ ...req, message: checked() });
  };
}

/** A message of a stream that isn't one: the caller's mistake, found while the handler reads. */
function unreadable(error: unknown): AppError | undefined {
  if (!(error instanceof ConnectError) || error.code !== Code.InvalidArgument) return undefined;
  return errors.invalid("A message of the stream can't be read. Check its encoding against the contract.");
}

/** @throws AppError invalid, naming each field that breaks a rule */
export function assertValid(schema: DescMessage, message: Message): void {
  const broken = holdsText(schema) ? unstorable(reflect(schema, message), "") : undefined;
  if (broken !== undefined)
    throw errors.invalid(`${broken}: holds a character that is none.`, [
      { field: broken, description: "must not hold NUL or half of a surrogate pair" },
    ]);
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

const textual = new WeakMap<DescMessage, boolean>();

/** Whether a message can hold text at all, itself or in what it is made of. */
function holdsText(desc: DescMessage): boolean {
  const known = textual.get(desc);
  if (known !== undefined) return known;
  // What is made of itself is looked through as if it did.
  textual.set(desc, true);
  const holds = desc.fields.some(
    (field) =>
      field.scalar === ScalarType.STRING ||
      field.fieldKind === "map" ||
      (field.message !== undefined && holdsText(field.message)),
  );
  textual.set(desc, holds);
  return holds;
}

/**
 * Path of the first text that no database and no JSON takes: with NUL, or half of a surrogate pair. Refused here, where
 * it is the caller's mistake; further in it would be a defect.
 */
function unstorable(message: ReflectMessage, path: string): string | undefined {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    const found = unstorableIn(message.get(field), path + field.localName);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unstorableIn(value: unknown, at: string): string | undefined {
  if (typeof value === "string") return value.includes("\0") || !value.isWellFormed() ? at : undefined;
  if (isReflectMessage(value)) return unstorable(value, `${at}.`);
  const items = isReflectList(value)
    ? [...value].map((item, index): [unknown, string] => [item, `${at}[${index}]`])
    : isReflectMap(value)
      ? [...value].flat().map((item): [unknown, string] => [item, at])
      : [];
  for (const [item, where] of items) {
    const found = unstorableIn(item, where);
    if (found !== undefined) return found;
  }
  return undefined;
}
