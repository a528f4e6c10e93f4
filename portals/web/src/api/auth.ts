import { http } from "./http.ts";
import type { Me } from "./shapes.ts";

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
  login: (body: { email: string; password: string; portal: string; tenantRef?: string }) =>
    http.post<Me>("/auth/v1/login", body),
  logout: () => http.post("/auth/v1/logout", {}),
  forgot: (email: string) => http.post("/auth/v1/password-reset/request", { email }),
  reset: (body: { token: string; newPassword: string }) => http.post("/auth/v1/password-reset", body),
};
