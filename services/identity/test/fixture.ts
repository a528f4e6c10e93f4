import type { DescService } from "@bufbuild/protobuf";
import { type Client, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import {
  createService,
  newId,
  Rights,
  type RunningService,
  type SecretBox,
  secretBox,
  service,
  startRpcServer,
  TokenVerifier,
  toRef,
} from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { ErrorInfoSchema } from "@leadmetrics/proto/gen/google/rpc/error_details_pb";
import { App, AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { MailTokensService } from "@leadmetrics/proto/identity/v1/keys";
import { TenantRole } from "@leadmetrics/proto/options/v1/access";
import { MembersService } from "@leadmetrics/proto/tenancy/v1/members";
import { TenantStatus } from "@leadmetrics/proto/tenancy/v1/tenants";
import { argon2Passwords, type Passwords } from "../src/auth/passwords.ts";
import { SessionEnder } from "../src/auth/sessions.ts";
import type { IdentityDb, MailTokenKindName } from "../src/db.ts";
import { Keys } from "../src/keys/keys.ts";
import { membershipsFrom } from "../src/memberships.ts";
import { type PasskeySites, passkeySites } from "../src/passkeys/sites.ts";
import { identityServices } from "../src/services.ts";

export const password = "rye and spelt at dawn";
const migrations = new URL("../migrations/", import.meta.url);

/** One running identity. */
export interface Replica {
  readonly keys: Keys;
  readonly running: RunningService;
  /** A client that shows this access token, or none. */
  client<S extends DescService>(desc: S, accessToken?: string): Client<S>;
}

export interface IdentityTest extends Replica {
  readonly t: ServiceTest<IdentityDb>;
  readonly box: SecretBox;
  readonly tenantRef: string;
  /** How many passwords were hashed or compared. */
  readonly hashed: () => number;
  readonly sites: PasskeySites;
  /** Another process on the same database and broker. */
  replica(): Promise<Replica>;
  /** The secret of the newest mail of a kind to an address, made as the mailer makes it. */
  mailed(email: string, kind: MailTokenKindName): Promise<string>;
  /** Somebody with a confirmed address. @returns their user id */
  signedUp(email: string): Promise<string>;
  /** Signs in with the password alone. */
  signedIn(
    email: string,
    withPassword?: string,
  ): Promise<{ accessToken: string; refreshToken: string; sid: string }>;
  close(): Promise<void>;
}

/** A counter around the real thing: what an answer costs. */
function counted(): { passwords: Passwords; count: () => number } {
  let count = 0;
  return {
    count: () => count,
    passwords: {
      hash: (text) => {
        count += 1;
        return argon2Passwords.hash(text);
      },
      matches: (stored, text) => {
        count += 1;
        return argon2Passwords.matches(stored, text);
      },
    },
  };
}

/** Identity on a real database and broker, with tenancy as it is on the wire: everybody owns one tenant. */
export async function startIdentity(): Promise<IdentityTest> {
  const t = await startServiceTest<IdentityDb>({ service: "identity", migrations });
  const tenantRef = toRef(newId());
  const { passwords, count } = counted();
  const sites = passkeySites.parse(undefined);
  const stops: (() => Promise<unknown>)[] = [];
  let first: Keys | undefined;
  const owners: string[] = [];
  const peer = await startTenancy(
    tenantRef,
    owners,
    t,
    async (fresh) => (await first?.source(fresh)) ?? { keys: [] },
  );
  const config = { ...t.config, TENANCY_URL: `http://127.0.0.1:${peer.rpcPort}` };

  async function replica(): Promise<Replica> {
    let keys: Keys | undefined;
    const running = await createService<IdentityDb, typeof config>({
      name: "identity",
      config,
      migrations,
      auth: async ({ db, box }) => {
        const own = new Keys(db, box);
        keys = own;
        first ??= own;
        await own.rotateWhenDue(new Date());
        return {
          keys: own.source,
          serviceToken: async () => (await own.serviceToken("identity", new Date())).token,
        };
      },
      rpc: ({ db, box, rpc, nats, rights }) =>
        identityServices(
          {
            db,
            box,
            keys: started(keys),
            ender: new SessionEnder(nats, rights),
            membershipsOf: membershipsFrom(rpc),
            passwords,
            sites,
          },
          { notifications: "a-secret-of-sixteen" },
          rpc,
        ),
    });
    stops.push(() => running.stop());
    return { keys: started(keys), running, client: (desc, token) => clientOf(running, desc, token) };
  }
  const main = await replica();

  const mailed = async (email: string, kind: MailTokenKindName) => {
    const { id } = await t.db.global((tx) =>
      tx
        .selectFrom("mail_token")
        .innerJoin("user_account", "user_account.id", "mail_token.user_id")
        .select("mail_token.id")
        .where("email", "=", email)
        .where("kind", "=", kind)
        .orderBy("mail_token.id", "desc")
        .limit(1)
        .executeTakeFirstOrThrow(),
    );
    const { token } = await main.keys.serviceToken("notifications", new Date());
    const minted = await main
      .client(MailTokensService, token)
      .mintMailToken({ requestRef: toRef(id as never) });
    return minted.token;
  };

  return {
    ...main,
    t,
    box: secretBox(config.ENCRYPTION_KEYS),
    tenantRef,
    sites,
    hashed: count,
    replica,
    mailed,
    async signedUp(email) {
      const auth = main.client(AuthService);
      await auth.register({ email, password, name: "Clara", companyName: "Bakery" });
      await auth.verifyEmail({ token: await mailed(email, "email_verification") });
      const user = await t.db.global((tx) =>
        tx.selectFrom("user_account").select("id").where("email", "=", email).executeTakeFirstOrThrow(),
      );
      owners.push(toRef(user.id as never));
      return user.id;
    },
    async signedIn(email, withPassword = password) {
      const { tokens } = await main
        .client(AuthService)
        .login({ email, password: withPassword, app: App.DASHBOARD });
      const { accessToken = "", refreshToken = "" } = tokens ?? {};
      const { sid } = payloadOf(accessToken);
      return { accessToken, refreshToken, sid: String(sid) };
    },
    async close() {
      for (const stop of stops.reverse()) await stop();
      await peer.close();
      await t.close();
    },
  };
}

function started(keys: Keys | undefined): Keys {
  if (!keys) throw new Error("the keys are made before the services");
  return keys;
}

export function clientOf<S extends DescService>(
  { rpcPort }: RunningService,
  desc: S,
  token?: string,
): Client<S> {
  const withToken: Interceptor = (next) => (req) => {
    if (token) req.header.set("authorization", `Bearer ${token}`);
    return next(req);
  };
  const transport = createConnectTransport({
    baseUrl: `http://127.0.0.1:${rpcPort}`,
    httpVersion: "1.1",
    interceptors: [withToken],
  });
  return createClient(desc, transport);
}

function startTenancy(
  tenantRef: string,
  owners: readonly string[],
  t: ServiceTest<IdentityDb>,
  keys: ConstructorParameters<typeof TokenVerifier>[0],
) {
  const unused = () => ({});
  return startRpcServer({
    services: [
      service(MembersService, {
        listMembershipsOfUser: () => ({
          memberships: [
            { tenantRef, tenantName: "Bakery", role: TenantRole.OWNER, tenantStatus: TenantStatus.ACTIVE },
          ],
        }),
        listMembers: () => ({ members: owners.map((userRef) => ({ userRef, role: TenantRole.OWNER })) }),
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
    verifier: new TokenVerifier(keys, new Rights()),
    log: t.log,
    host: "127.0.0.1",
    rpcPort: 0,
    grpcPort: 0,
    isReady: () => true,
  });
}

export function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<
    string,
    unknown
  >;
}

export function kidOf(token: string): string {
  return (JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as { kid: string }).kid;
}

/** The refusal of a call that must not go through. */
export async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

/** The stable word of a refusal. */
export async function reasonOf(call: Promise<unknown>): Promise<string> {
  const error = await refusal(call);
  return error.findDetails(ErrorInfoSchema)[0]?.reason.toLowerCase() ?? `no reason: ${error.message}`;
}
