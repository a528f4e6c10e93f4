import { http } from "./http.ts";
import type { Impersonation, Me, SecondFactorChallenge } from "./shapes.ts";

export interface Registration {
  email: string;
  password: string;
  name: string;
  companyName?: string;
  invitationToken?: string;
}

export const auth = {
  register: (body: Registration) => http.post("/auth/v1/register", body),
  verifyEmail: (token: string) => http.post("/auth/v1/verify-email", { token }),
  /** Who has a second factor gets a challenge for it. */
  login: (body: { email: string; password: string; portal: string; tenantRef?: string }) =>
    http.post<Me | { challenge: SecondFactorChallenge }>("/auth/v1/login", body),
  loginWithCode: (body: { challengeToken: string; code: string; portal: string }) =>
    http.post<Me>("/auth/v1/login/code", body),
  passkeyOptions: (portal: string) =>
    http.post<{ optionsJson: string }>("/auth/v1/passkeys/sign-in/options", { portal }),
  loginWithPasskey: (body: { responseJson: string; portal: string }) =>
    http.post<Me>("/auth/v1/passkeys/sign-in", body),
  logout: () => http.post("/auth/v1/logout", {}),
  openImpersonation: (body: { ticket: string; replace?: boolean }) =>
    http.post<{ impersonation: Impersonation }>("/auth/v1/impersonation", body),
  forgot: (email: string) => http.post("/auth/v1/password-reset/request", { email }),
  reset: (body: { token: string; newPassword: string }) => http.post("/auth/v1/password-reset", body),
};
