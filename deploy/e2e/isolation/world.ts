import { join } from "node:path";
import { SecretsFile } from "@leadmetrics/local/secrets-file";
import { SERVICE_CLIENTS } from "@leadmetrics/local/system";
import { KEY_ID, KEY_SECRET, startRazorpay } from "../../../services/billing/test/wire/razorpay-server.ts";
import { people as platformPeople } from "../company.ts";
import { type Platform, platformForTests } from "../harness.ts";
import { callMethodRaw } from "./call.ts";
import { methodNamed } from "./contract.ts";
import { hiredReviewer, type SignedIn, signedIn } from "./people.ts";
import { nobodysRefs, type Refs } from "./refs.ts";
import { type Tenant, workingTenant } from "./tenant.ts";

/** Somebody who calls: what they are by the contract, and the token that says so. */
export interface Caller {
  readonly name: string;
  readonly kind: "tenant" | "reviewer" | "super_admin" | "service" | "nobody";
  readonly role?: "owner" | "admin" | "member" | "viewer";
  readonly service?: string;
  readonly token?: string;
  readonly password?: string;
}

/** Two tenants that know nothing of each other, and everybody who may turn to them. */
export interface World {
  readonly platform: Platform;
  readonly secrets: SecretsFile;
  /** The one who calls. */
  readonly a: Tenant;
  /** The one who must never be seen. */
  readonly b: Tenant;
  readonly nobodys: Refs;
  readonly admin: SignedIn;
  /** Assigned to A only. */
  readonly reviewer: SignedIn;
  /** Assigned to nobody. */
  readonly stranger: SignedIn;
  readonly callers: readonly Caller[];
  stop(): Promise<void>;
}

/** Nobody's words: no text of ours holds them. */
const WORDS = { a: "Quarkbrezel", b: "Zwetschgendatschi" };

/** Starts the platform and lets two companies use all of it. */
export async function buildWorld(): Promise<World> {
  const payments = await startRazorpay();
  const platform = await platformForTests({
    portals: false,
    env: { OFFLINE_PACE_MS: "0", LOG_LEVEL: "debug" },
    envOf: {
      // One website is read again and again.
      rag: { CRAWL_REST_SECONDS: "0" },
      billing: {
        RAZORPAY_KEY_ID: KEY_ID,
        RAZORPAY_KEY_SECRET: KEY_SECRET,
        RAZORPAY_WEBHOOK_SECRET: "webhook-secret",
        RAZORPAY_BASE_URL: payments.url,
      },
    },
  });
  const stop = async () => {
    await platform.stop();
    await payments.close();
  };
  try {
    return { ...(await inhabit(platform)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function inhabit(platform: Platform): Promise<Omit<World, "stop">> {
  const secrets = new SecretsFile(join(platform.place.stateDir, "secrets.json"));
  const admin = await signedIn(platform, platformPeople.superAdmin, "manage");
  const hire = (name: string) =>
    hiredReviewer(platform, admin.rest, {
      name,
      email: `${name.toLowerCase()}@isolation.example`,
      password: "linseed-and-sunflower-27",
    });
  const [reviewer, stranger, spare] = await Promise.all([hire("Ravi"), hire("Stig"), hire("Sven")]);
  const [a, b] = await Promise.all([
    workingTenant(platform, WORDS.a, spare.userRef),
    workingTenant(platform, WORDS.b, spare.userRef),
  ]);
  await admin.rest.put(`/admin/v1/tenants/${a.refs.tenant}/reviewers/${reviewer.userRef}`);
  const callers: Caller[] = [
    { name: "the owner", kind: "tenant", role: "owner", ...passed(a.owner) },
    ...(["admin", "member", "viewer"] as const).map(
      (role): Caller => ({ name: `a ${role}`, kind: "tenant", role, ...passed(a.team[role]) }),
    ),
    { name: "the reviewer", kind: "reviewer", ...passed(reviewer) },
    { name: "a super admin", kind: "super_admin", ...passed(admin) },
    ...(await serviceCallers(platform, secrets)),
    { name: "nobody", kind: "nobody" },
  ];
  const nobodys = nobodysRefs(spare.userRef);
  return { platform, secrets, a, b, nobodys, admin, reviewer, stranger, callers };
}

const passed = ({ token, password }: SignedIn) => ({ token, password });

/** Every service, with the token it gets for the secret the runner made for it. */
async function serviceCallers(platform: Platform, secrets: SecretsFile): Promise<Caller[]> {
  const issue = methodNamed("ServiceTokensService.IssueServiceToken");
  return Promise.all(
    SERVICE_CLIENTS.map(async (service): Promise<Caller> => {
      const body = JSON.stringify({ service, secret: secrets.secret(`service.${service}`) });
      const answer = await callMethodRaw(platform.url("identity"), issue, body);
      const { token } = JSON.parse(answer.text) as { token: string };
      return { name: `the service ${service}`, kind: "service", service, token };
    }),
  );
}
