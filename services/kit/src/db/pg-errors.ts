import pg from "pg";
import { AppError, errors } from "../errors.ts";

/** A transaction that lost to a concurrent one and may simply be run again. */
export function isSerializationFailure(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === "40001" || error.code === "40P01");
}

/** A prepared statement whose result has other columns since a migration: planned anew it works. */
export function isStalePlan(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError &&
    error.code === "0A000" &&
    /cached plan must not change result type/.test(error.message)
  );
}

/** Node's and pg's words for "the connection is gone"; Postgres' own are the SQLSTATE classes below. */
const LOST_CONNECTION =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|Connection terminated|timeout exceeded when trying to connect/;

/**
 * What a caller may know of a database error; undefined for one that is a defect of ours and stays as it is.
 * A row-level-security refusal reads like an absent row, so that it doesn't tell that the row exists.
 */
export function mapPgError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error)) return undefined;
  if (!(error instanceof pg.DatabaseError)) {
    return LOST_CONNECTION.test(`${Reflect.get(error, "code") ?? ""} ${error.message}`)
      ? because(errors.unavailable("The database can't be reached. Try again in a moment."), error)
      : undefined;
  }
  const what = thing(error.table);
  switch (error.code) {
    case "23505":
      return because(
        errors.exists("ALREADY_EXISTS", `There is already one with these values (${what}).`),
        error,
      );
    case "23503":
      return error.message.startsWith("insert or update")
        ? because(errors.notFound(what), error)
        : because(errors.conflict("IN_USE", `It is still in use (${what}).`, {}), error);
    case "42501":
      return /row-level security/.test(error.message)
        ? because(errors.notFound(what), error)
        : because(errors.forbidden(), error);
    case "40001":
    case "40P01":
      return because(
        errors.stale("CONCURRENT_CHANGE", "Somebody else changed this at the same moment. Try again.", {}),
        error,
      );
    case "57014":
      return because(errors.unavailable("The database took too long. Try again in a moment."), error);
    case "53300":
    case "57P01":
    case "57P02":
    case "57P03":
      return because(errors.unavailable("The database can't be reached. Try again in a moment."), error);
    default:
      return error.code?.startsWith("08")
        ? because(errors.unavailable("The database can't be reached. Try again in a moment."), error)
        : undefined;
  }
}

function because(mapped: AppError, cause: Error): AppError {
  mapped.cause = cause;
  return mapped;
}

/** "content_brief" → "content brief". */
function thing(table: string | undefined): string {
  return (table ?? "record").replaceAll("_", " ");
}
