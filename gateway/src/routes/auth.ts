import { ApprovalLinksService } from "@leadmetrics/proto/content/v1/approval_links";
import { AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { PasskeysService, SecondFactorService } from "@leadmetrics/proto/identity/v1/security";
import type { FastifyRequest } from "fastify";
import type { Route } from "./route.ts";

/** What a stranger may ask for in a minute, by path. */
export const PUBLIC_LIMITS: Readonly<Record<string, number>> = {
  "/register": 5,
  "/password-reset/request": 5,
  "/password-reset": 10,
  "/approval-links/open": 30,
  "/approval-links/decide": 10,
};

/** Who signs in is nobody yet, whatever token they show: such calls are counted by address. */
export const byAddress = { keyGenerator: (request: FastifyRequest) => request.ip };

export const publicAuthRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/verify-email",
    rpc: AuthService.method.verifyEmail,
    target: "identity",
    status: 200,
    summary: "Confirm an address with the mailed token",
  },
  {
    method: "POST",
    path: "/password-reset/request",
    rpc: AuthService.method.requestPasswordReset,
    target: "identity",
    status: 202,
    summary: "Ask for a reset mail",
  },
];

/** Their bodies hold passwords and secrets: nothing of them is kept, not even to answer the same again. */
export const publicSecretRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/approval-links/open",
    rpc: ApprovalLinksService.method.openApprovalLink,
    target: "content",
    summary: "What a mailed link is about",
  },
  {
    method: "POST",
    path: "/approval-links/decide",
    rpc: ApprovalLinksService.method.decideByApprovalLink,
    target: "content",
    summary: "Decide by a mailed link: once, without signing in",
  },
  {
    method: "POST",
    path: "/register",
    rpc: AuthService.method.register,
    target: "identity",
    status: 202,
    summary: "Sign up; a verification mail follows",
  },
  {
    method: "POST",
    path: "/password-reset",
    rpc: AuthService.method.resetPassword,
    target: "identity",
    status: 200,
    summary: "Set a new password with the mailed token",
  },
];

export const signedInAuthRoutes: readonly Route[] = [
  { method: "GET", path: "/me", rpc: AuthService.method.getMe, target: "identity", summary: "Who I am" },
  {
    method: "GET",
    path: "/sessions",
    rpc: AuthService.method.listSessions,
    target: "identity",
    list: "sessions",
    summary: "Where I am signed in",
  },
  {
    method: "DELETE",
    path: "/sessions/:sessionRef",
    rpc: AuthService.method.revokeSession,
    target: "identity",
    summary: "Sign out elsewhere",
  },
  {
    method: "DELETE",
    path: "/sessions",
    rpc: AuthService.method.revokeOtherSessions,
    target: "identity",
    summary: "Sign out everywhere else",
  },
  {
    method: "GET",
    path: "/second-factor",
    rpc: SecondFactorService.method.getSecondFactor,
    target: "identity",
    summary: "Whether a second factor is on",
  },
  {
    method: "GET",
    path: "/passkeys",
    rpc: PasskeysService.method.listPasskeys,
    target: "identity",
    list: "passkeys",
    summary: "My passkeys",
  },
  {
    method: "PATCH",
    path: "/passkeys/:passkeyRef",
    rpc: PasskeysService.method.renamePasskey,
    target: "identity",
    unwrap: "passkey",
    summary: "Rename a passkey",
  },
];

/** Their bodies hold passwords or their answers secrets: nothing of them is kept, not even to answer the same again. */
export const signedInSecretRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/password",
    rpc: AuthService.method.changePassword,
    target: "identity",
    summary: "Change my password; all other sessions end",
  },
  {
    method: "POST",
    path: "/second-factor/totp",
    rpc: SecondFactorService.method.startTotp,
    target: "identity",
    summary: "Begin with codes of an authenticator app",
  },
  {
    method: "POST",
    path: "/second-factor/totp/confirm",
    rpc: SecondFactorService.method.confirmTotp,
    target: "identity",
    summary: "Turn codes on with the app's first one; answers with the recovery codes",
  },
  {
    method: "POST",
    path: "/second-factor/totp/disable",
    rpc: SecondFactorService.method.disableTotp,
    target: "identity",
    summary: "Turn codes off",
  },
  {
    method: "POST",
    path: "/second-factor/recovery-codes",
    rpc: SecondFactorService.method.regenerateRecoveryCodes,
    target: "identity",
    summary: "New recovery codes in place of the old ones",
  },
  {
    method: "POST",
    path: "/passkeys/options",
    rpc: PasskeysService.method.startPasskeyRegistration,
    target: "identity",
    summary: "What a browser needs to make a passkey",
  },
  {
    method: "POST",
    path: "/passkeys",
    rpc: PasskeysService.method.finishPasskeyRegistration,
    target: "identity",
    unwrap: "passkey",
    status: 201,
    summary: "Keep the passkey a browser made",
  },
  {
    method: "POST",
    path: "/passkeys/:passkeyRef/remove",
    rpc: PasskeysService.method.removePasskey,
    target: "identity",
    summary: "Remove a passkey",
  },
];
