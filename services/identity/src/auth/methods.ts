import type { ServiceImpl } from "@connectrpc/connect";
import type { AuthService } from "@leadmetrics/proto/identity/v1/auth";

/** A part of AuthService: it has too many methods for one file. */
export type AuthMethods<Names extends keyof ServiceImpl<typeof AuthService>> = Pick<
  ServiceImpl<typeof AuthService>,
  Names
>;
