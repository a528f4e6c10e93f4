import { App, AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { PasskeysService } from "@leadmetrics/proto/identity/v1/security";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SoftwareAuthenticator } from "./authenticator.ts";
import { type IdentityTest, password, startIdentity } from "./fixture.ts";

const known = "known@bakery.example";
const unknown = "ghost@bakery.example";
let identity: IdentityTest;
let device: SoftwareAuthenticator;
beforeAll(async () => {
  identity = await startIdentity();
  await identity.signedUp(known);
  const { accessToken } = await identity.signedIn(known);
  const passkeys = identity.client(PasskeysService, accessToken);
  device = new SoftwareAuthenticator("http://localhost:3000");
  const { optionsJson } = await passkeys.startPasskeyRegistration({ password });
  await passkeys.finishPasskeyRegistration({ responseJson: device.create(optionsJson), name: "Phone" });
});
afterAll(() => identity?.close());

/** Asks as a stranger does, and keeps all there is to see: status, headers but the date, every byte of the body. */
async function asked(service: string, method: string, body: object) {
  const before = identity.hashed();
  const answer = await fetch(`http://127.0.0.1:${identity.running.rpcPort}/${service}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-request-id": "one-id-for-all" },
    body: JSON.stringify(body),
  });
  const bytes = Buffer.from(await answer.arrayBuffer()).toString("latin1");
  const headers = [...answer.headers].filter(([name]) => name !== "date").sort();
  return { status: answer.status, headers, bytes, hashed: identity.hashed() - before };
}

const AUTH = AuthService.typeName;
const DASHBOARD = "APP_DASHBOARD";

describe("a stranger can't tell whether an address has an account", () => {
  it.each<[string, string, (email: string) => object]>([
    ["a wrong password", "Login", (email) => ({ email, password: "wrong wrong wrong", app: DASHBOARD })],
    ["a wrong portal", "Login", (email) => ({ email, password: "wrong wrong wrong", app: "APP_MANAGE" })],
    ["a reset", "RequestPasswordReset", (email) => ({ email })],
    ["signing up", "Register", (email) => ({ email, password, name: "Eve", companyName: "Evil" })],
    ["signing up weakly", "Register", (email) => ({ email, password: "short", name: "E", companyName: "E" })],
  ])("by %s: the same bytes, the same work", async (_what, method, body) => {
    const answers = [await asked(AUTH, method, body(known)), await asked(AUTH, method, body(unknown))];
    expect(answers[0]).toEqual(answers[1]);
  });

  it("costs one hash for every password that is checked, whoever it belongs to", async () => {
    const login = (email: string) =>
      asked(AUTH, "Login", { email, password: "wrong wrong wrong", app: DASHBOARD });
    // Somebody who has never set a password, and somebody who isn't confirmed, are strangers too.
    await identity.client(AuthService).register({
      email: "unconfirmed@bakery.example",
      password,
      name: "U",
      companyName: "U",
    });
    await identity.t.db.global((tx) =>
      tx
        .insertInto("user_account")
        .values({
          id: "01920000-0000-7000-8000-000000000001",
          email: "nopassword@bakery.example",
          name: "N",
          platform_role: "reviewer",
          email_verified_on: new Date(),
          deactivated_on: null,
          company_name: null,
          invitation_token_hash: null,
          last_tenant: null,
        })
        .execute(),
    );
    const everybody = [
      known,
      "nobody-at-all@bakery.example",
      "unconfirmed@bakery.example",
      "nopassword@bakery.example",
    ];
    const answers = [];
    for (const email of everybody) answers.push(await login(email));
    expect(answers.map(({ hashed }) => hashed)).toEqual([1, 1, 1, 1]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it("by the lockout: it comes at the same failure, with the same words", async () => {
    const rows = async (email: string) => {
      const seen = [];
      for (let i = 0; i < 7; i += 1)
        seen.push(await asked(AUTH, "Login", { email, password: "wrong wrong wrong", app: DASHBOARD }));
      // The seconds left are the clock's.
      return seen.map(({ status, hashed, bytes }) => ({
        status,
        hashed,
        bytes: bytes.replace(/\d+ seconds/, "N").slice(0, 90),
      }));
    };
    await identity.t.db.global((tx) => tx.deleteFrom("login_attempt").execute());
    const [mine, nobodys] = [await rows(known), await rows("never-seen@bakery.example")];
    expect(mine).toEqual(nobodys);
    expect(mine.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    await identity.t.db.global((tx) => tx.deleteFrom("login_attempt").execute());
  });

  it("by passkeys: nobody is named when asking, and every refusal is the same", async () => {
    const passkeys = identity.client(PasskeysService);
    const options = async () => (await passkeys.startPasskeySignIn({ app: App.DASHBOARD })).optionsJson;
    const shape = (json: string) => json.replace(/"challenge":"[\w-]{43}"/, '"challenge":"…"');
    expect(shape(await options())).toBe(shape(await options()));

    const refused = async (responseJson: string) =>
      asked(PasskeysService.typeName, "FinishPasskeySignIn", { app: DASHBOARD, responseJson });
    const badSignature = await refused(device.get(await options(), { wrongKey: true }));
    const strangers = JSON.parse(device.get(await options())) as { id: string; rawId: string };
    strangers.id = strangers.rawId = Buffer.alloc(32, 9).toString("base64url");
    const unknownPasskey = await refused(JSON.stringify(strangers));
    const nonsense = await refused("{}");
    expect(unknownPasskey).toEqual(badSignature);
    expect(nonsense).toEqual(badSignature);
    expect(badSignature.status).toBe(401);
  });
});
