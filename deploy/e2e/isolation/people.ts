import { SoftwareAuthenticator } from "../../../services/identity/test/authenticator.ts";
import { Rest, until } from "../../local/demo/rest.ts";
import type { Platform } from "../harness.ts";
import { callMethodRaw } from "./call.ts";
import { methodNamed } from "./contract.ts";
import { mailedToken } from "./mailbox.ts";

/** Somebody who has signed in. */
export interface SignedIn {
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly refreshToken: string;
  readonly userRef: string;
  readonly rest: Rest;
}

interface LoginAnswer {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly user: { readonly ref: string };
}

const SIGN_IN_MS = 30_000;

export async function signedIn(
  platform: Platform,
  person: { readonly email: string; readonly password: string },
  portal: "dashboard" | "dm" | "manage",
): Promise<SignedIn> {
  const rest = new Rest(platform.addresses.gateway);
  const { email, password } = person;
  const { body } = await rest.post<LoginAnswer>("/auth/v1/login", { email, password, portal });
  rest.token = body.accessToken;
  return {
    email,
    password,
    token: body.accessToken,
    refreshToken: body.refreshToken,
    userRef: body.user.ref,
    rest,
  };
}

/** Somebody who takes an invitation by mail, as a person would. */
export async function invited(
  platform: Platform,
  owner: Rest,
  person: { readonly name: string; readonly email: string; readonly password: string },
  role: "admin" | "member" | "viewer",
): Promise<SignedIn> {
  const { mail, gateway } = platform.addresses;
  const anyone = new Rest(gateway);
  await owner.post("/tenant/v1/invitations", { email: person.email, role });
  const invitationToken = await mailedToken(mail, person.email, /invitation=/);
  await anyone.post("/auth/v1/register", { ...person, invitationToken });
  const token = await mailedToken(mail, person.email, /verify-email\?token=/);
  await anyone.post("/auth/v1/verify-email", { token });
  return until(`the ${role}'s first sign-in`, SIGN_IN_MS, () =>
    signedIn(platform, person, "dashboard").catch(() => undefined),
  );
}

/** A further reviewer of the platform, assigned to nobody. */
export async function hiredReviewer(
  platform: Platform,
  admin: Rest,
  person: { readonly name: string; readonly email: string; readonly password: string },
): Promise<SignedIn> {
  const { mail, gateway } = platform.addresses;
  const { name, email } = person;
  await admin.post("/admin/v1/users", { name, email, platformRole: "reviewer" });
  const token = await mailedToken(mail, email, /reset-password\?token=/);
  await new Rest(gateway).post("/auth/v1/password-reset", { token, newPassword: person.password });
  return signedIn(platform, person, "dm");
}

/** Registers a passkey, as a phone does. @returns its ref */
export async function passkeyOf(platform: Platform, person: SignedIn): Promise<string> {
  const call = async (name: string, body: object): Promise<unknown> => {
    const { token } = person;
    const method = methodNamed(`PasskeysService.${name}`);
    const answer = await callMethodRaw(platform.url("identity"), method, JSON.stringify(body), { token });
    if (answer.code !== "ok") throw new Error(`${name} answered ${answer.text}`);
    return JSON.parse(answer.text);
  };
  const { password } = person;
  // Passkeys are made for host names.
  const site = platform.url("dashboard").replace("127.0.0.1", "localhost");
  const { optionsJson } = (await call("StartPasskeyRegistration", { password })) as { optionsJson: string };
  const responseJson = new SoftwareAuthenticator(site).create(optionsJson);
  const made = (await call("FinishPasskeyRegistration", { responseJson, name: "Phone" })) as {
    passkey: { ref: string };
  };
  return made.passkey.ref;
}
