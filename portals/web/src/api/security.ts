import { queryOptions } from "@tanstack/react-query";
import { http, p } from "./http.ts";
import type * as S from "./shapes.ts";

/** Somebody's own sign-in, the same in every portal. */
export const securityQueries = {
  sessions: queryOptions({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => http.get<S.Page<S.Session>>("/auth/v1/sessions", { pageSize: 100 }, signal),
  }),
  secondFactor: queryOptions({
    queryKey: ["second-factor"],
    queryFn: ({ signal }) => http.get<S.SecondFactor>("/auth/v1/second-factor", undefined, signal),
  }),
  passkeys: queryOptions({
    queryKey: ["passkeys"],
    queryFn: ({ signal }) => http.get<{ items: S.Passkey[] }>("/auth/v1/passkeys", undefined, signal),
  }),
};

export const securityActions = {
  changePassword: (body: { currentPassword: string; newPassword: string }) =>
    http.post("/auth/v1/password", body),
  endSession: (ref: string) => http.del(p`/auth/v1/sessions/${ref}`),
  endOtherSessions: () => http.del<{ ended: number }>("/auth/v1/sessions"),
  startTotp: (password: string) =>
    http.post<{ otpauthUri: string; secret: string }>("/auth/v1/second-factor/totp", { password }),
  confirmTotp: (code: string) =>
    http.post<{ recoveryCodes: string[] }>("/auth/v1/second-factor/totp/confirm", { code }),
  disableTotp: (body: { password: string; code: string }) =>
    http.post("/auth/v1/second-factor/totp/disable", body),
  regenerateRecoveryCodes: (body: { password: string; code: string }) =>
    http.post<{ recoveryCodes: string[] }>("/auth/v1/second-factor/recovery-codes", body),
  passkeyOptions: (password: string) =>
    http.post<{ optionsJson: string }>("/auth/v1/passkeys/options", { password }),
  addPasskey: (body: { responseJson: string; name: string }) =>
    http.post<S.Passkey>("/auth/v1/passkeys", body),
  renamePasskey: (ref: string, name: string) => http.patch<S.Passkey>(p`/auth/v1/passkeys/${ref}`, { name }),
  removePasskey: (ref: string, password: string) =>
    http.post(p`/auth/v1/passkeys/${ref}/remove`, { password }),
};
