import { Code, ConnectError } from "@connectrpc/connect";
import {
  fromRef,
  newId,
  RIGHTS_BUCKET,
  Rights,
  revokedKey,
  service,
  startRpcServer,
  TokenVerifier,
  toRef,
} from "@leadmetrics/kit";
import { catalogueTest, type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { App, AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { MailTokensService } from "@leadmetrics/proto/identity/v1/keys";
import { TenantRole } from "@leadmetrics/proto/options/v1/access";
import { MembersService } from "@leadmetrics/proto/tenancy/v1/members";
import { TenantStatus } from "@leadmetrics/proto/tenancy/v1/tenants";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authService } from "../src/auth/rpc.ts";
import { SessionEnder } from "../src/auth/sessions.ts";
import type { IdentityDb } from "../src/db.ts";
import { Keys } from "../src/keys/keys.ts";
import { keyServices } from "../src/keys/rpc.ts";
import { membershipsFrom } from "../src/memberships.ts";

let t: ServiceTest<IdentityDb>;
let keys: Keys;
let peer: Awaited<ReturnType<typeof startRpcServer>>;
const tenantRef = toRef(newId());
const password = "rye and spelt at dawn";

beforeAll(async () => {
  t = await startServiceTest<IdentityDb>({
    service: "identity",
    migrations: new URL("../migrations/", import.meta.url),
  });
  // Tenancy as it is on the wire: everybody owns one tenant.
  const unused = () => ({});
  peer = await startRpcServer({
    services: [
      service(MembersService, {
        listMembershipsOfUser: () => ({
          memberships: [
            { tenantRef, tenantName: "Bakery", role: TenantRole.OWNER, tenantStatus: TenantStatus.ACTIVE },
          ],
        }),
        listMembers: unused,
        inviteMember: unused,
        listInvitations: unused,
        revokeInvitation: unused,
        acceptInvitation: unused,
        changeMemberRole: unused,
        removeMember: unused,
        listRecipients: unused,
        mintInvitationToken: unused,
      }),
    ],
    verifier: new TokenVerifier(async (fresh) => keys.source(fresh), new Rights()),
    log: t.log,
    host: "127.0.0.1",
    rpcPort: 0,
    grpcPort: 0,
    isReady: () => true,
  });
  await t.start({
    config: { ...t.config, TENANCY_URL: `http://127.0.0.1:${peer.rpcPort}` },
    auth: async ({ db, box }) => {
      keys = new Keys(db, box);
      await keys.rotate(new Date());
      return {
        keys: keys.source,
        serviceToken: async () => (await keys.serviceToken("identity", new Date())).token,
      };
    },
    rpc: ({ db, rpc, nats, rights }) => [
      authService({ db, keys, ender: new SessionEnder(nats, rights), membershipsOf: membershipsFrom(rpc) }),
      ...keyServices(db, keys, { notifications: "a-secret-of-sixteen" }),
    ],
  });
});
afterAll(async () => {
  await peer?.close();
  await t?.close();
});

const anyone = () => t.client(AuthService, { kind: "public" });

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

/** Signs somebody up and takes the link out of the mail request, as the mailer does. */
async function signedUp(email: string): Promise<void> {
  const auth = await anyone();
  await auth.register({ email, password, name: "Clara", companyName: "Bakery" });
  const row = await t.db.global((tx) =>
    tx
      .selectFrom("mail_token")
      .innerJoin("user_account", "user_account.id", "mail_token.user_id")
      .select("mail_token.id")
      .where("email", "=", email)
      .executeTakeFirstOrThrow(),
  );
  const minted = await keyServicesToken(row.id);
  await auth.verifyEmail({ token: minted });
  expect((await refusal(auth.verifyEmail({ token: minted }))).code).toBe(Code.InvalidArgument);
}

async function keyServicesToken(id: string): Promise<string> {
  const { token } = await keys.serviceToken("notifications", new Date());
  const mail = await t.client(MailTokensService, { kind: "public" });
  return (
    await mail.mintMailToken(
      { requestRef: toRef(fromRef(toRef(id as never))) },
      { headers: { authorization: `Bearer ${token}` } },
    )
  ).token;
}

describe("signing up and in", () => {
  it("goes from the form over the mailed link to tokens for the tenant", async () => {
    await signedUp("clara@bakery.example");
    const answer = await (await anyone()).login({
      email: "Clara@bakery.example",
      password,
      app: App.DASHBOARD,
    });
    expect(answer.membership?.tenantRef).toBe(tenantRef);
    const verifier = new TokenVerifier(keys.source, new Rights());
    expect(await verifier.verify(answer.tokens?.accessToken ?? "")).toMatchObject({
      kind: "tenant",
      role: "owner",
    });
  });

  it("answers a taken address like a free one, and a wrong password like an unknown address", async () => {
    const auth = await anyone();
    expect(
      await auth.register({ email: "clara@bakery.example", password, name: "Eve", companyName: "Evil" }),
    ).toEqual(
      await auth.register({ email: "new@bakery.example", password, name: "New", companyName: "New" }),
    );
    const wrong = await refusal(
      auth.login({ email: "clara@bakery.example", password: "not this one at all", app: App.DASHBOARD }),
    );
    const unknown = await refusal(
      auth.login({ email: "nobody@bakery.example", password: "not this one at all", app: App.DASHBOARD }),
    );
    expect([wrong.code, wrong.rawMessage]).toEqual([unknown.code, unknown.rawMessage]);
  });

  it("refuses a weak password with the reason", async () => {
    const error = await refusal(
      (await anyone()).register({
        email: "weak@bakery.example",
        password: "password1234",
        name: "W",
        companyName: "W",
      }),
    );
    expect(error.rawMessage).toMatch(/tried first/);
  });

  it("locks an address after five failures, and says for how long", async () => {
    const auth = await anyone();
    for (let i = 0; i < 5; i += 1)
      await refusal(
        auth.login({ email: "target@bakery.example", password: "wrong wrong wrong", app: App.DASHBOARD }),
      );
    expect(
      (await refusal(auth.login({ email: "target@bakery.example", password, app: App.DASHBOARD }))).code,
    ).toBe(Code.ResourceExhausted);
  });

  it("does not let a client into the dm portal", async () => {
    expect(
      (await refusal((await anyone()).login({ email: "clara@bakery.example", password, app: App.DM }))).code,
    ).toBe(Code.Unauthenticated);
  });
});

describe("a session", () => {
  it("rotates its refresh token, and ends when a used one comes back", async () => {
    await signedUp("rotate@bakery.example");
    const auth = await anyone();
    const first = (await auth.login({ email: "rotate@bakery.example", password, app: App.DASHBOARD })).tokens;
    const second = (await auth.refresh({ refreshToken: first?.refreshToken ?? "" })).tokens;
    expect(second?.refreshToken).not.toBe(first?.refreshToken);
    expect((await refusal(auth.refresh({ refreshToken: first?.refreshToken ?? "" }))).code).toBe(
      Code.Unauthenticated,
    );
    expect((await refusal(auth.refresh({ refreshToken: second?.refreshToken ?? "" }))).code).toBe(
      Code.Unauthenticated,
    );
    const me = await t.client(AuthService, { kind: "public" });
    await expect
      .poll(
        async () =>
          (
            await refusal(
              me.getMe({}, { headers: { authorization: `Bearer ${second?.accessToken}` } }).then(() => {
                throw new ConnectError("still in", Code.Unknown);
              }),
            )
          ).code,
      )
      .toBe(Code.Unauthenticated);
    const { sid } = JSON.parse(
      Buffer.from(second?.accessToken.split(".")[1] ?? "", "base64url").toString(),
    ) as { sid: string };
    expect((await (await t.nats.kv(RIGHTS_BUCKET)).get(revokedKey(sid)))?.string()).toBe("1");
  });
});

it("every table follows the isolation rules", () => catalogueTest(t));
