import {
  type Activity,
  type Addresses,
  connectSandbox,
  decide,
  describeCompany,
  type Listed,
  signIn,
  signUp,
  uploadKnowledge,
} from "../local/demo/main-job.ts";
import { Rest, RestError, until } from "../local/demo/rest.ts";
import { people } from "../local/people.ts";
import type { Platform } from "./harness.ts";

export { type Activity, type Listed, people, Rest, RestError, until };

/** Nobody is told. */
export const quiet = () => {};

/** One client company that is ready for its first plan, and the people who work with it. */
export interface Company {
  readonly at: Addresses;
  readonly person: { readonly name: string; readonly email: string; readonly password: string };
  /** Its owner, signed in. */
  readonly client: Rest;
  /** The reviewer it was assigned to. */
  readonly reviewer: Rest;
  readonly admin: Rest;
  readonly tenant: string;
  readonly channelRef: string;
}

let companies = 0;

/** Signs a company up as a person would: form, mailed link, context, a knowledge file, the sandbox site as its channel. */
export async function newCompany(platform: Platform, patienceMs = 0): Promise<Company> {
  const at = { ...platform.addresses, patienceMs };
  const stamp = `${Date.now().toString(36)}${++companies}`;
  const person = {
    name: "Erin Endtoend",
    email: `erin@e2e-${stamp}.example`,
    password: `barley-and-oats-${stamp}`,
  };
  const client = await signUp(at, person, `E2E Bakery ${stamp}`, quiet);
  client.patienceMs = patienceMs;
  const me = await client.get<{ membership: { tenantRef: string } }>("/auth/v1/me");
  const tenant = me.body.membership.tenantRef;
  const staff = (someone: { email: string; password: string }, portal: string) =>
    until("a sign-in", patienceMs, async () => {
      const rest = await unlessAway(signIn(at.gateway, someone, portal));
      if (rest) rest.patienceMs = patienceMs;
      return rest;
    });
  const admin = await staff(people.superAdmin, "manage");
  const users = await admin.get<Listed<{ ref: string; email: string }>>(
    "/admin/v1/users?platformRole=reviewer",
  );
  const rune = users.body.items.find((user) => user.email === people.reviewer.email);
  await admin.put(`/admin/v1/tenants/${tenant}/reviewers/${rune?.ref}`);
  await describeCompany(
    client,
    {
      companySummary: "A bakery that mills its own rye.",
      brandVoice: "Plain.",
      audience: "Home bakers",
      products: ["Rye loaf"],
      competitors: [],
      dos: [],
      donts: [],
      keywords: ["rye"],
      website: "https://bakery.example",
    },
    quiet,
  );
  const rye = "# Rye\n\nThe rye dough rests for sixteen hours before it is shaped by hand.\n";
  await uploadKnowledge(client, [{ name: "rye.md", type: "text/markdown", content: rye }], quiet);
  const channelRef = await connectSandbox(client, at, quiet);
  const reviewer = await staff(people.reviewer, "dm");
  return { at, person, client, reviewer, admin, tenant, channelRef };
}

/** The activities of a plan. */
export async function activitiesOf(client: Rest, planRef: string): Promise<Activity[]> {
  const found: Activity[] = [];
  let token = "";
  do {
    const { body } = await client.get<Listed<Activity> & { nextPageToken?: string }>(
      `/tenant/v1/activities?planRef=${planRef}&pageSize=200${token ? `&pageToken=${token}` : ""}`,
    );
    found.push(...body.items);
    token = body.nextPageToken ?? "";
  } while (token);
  return found;
}

/** Waits until so many activities of the plan are in a state; one that failed ends the wait with its reason. */
export async function activitiesIn(
  client: Rest,
  planRef: string,
  status: string,
  count: number,
  withinMs = 60_000,
): Promise<Activity[]> {
  return until(`${count} × ${status}`, withinMs, async () => {
    const all = await unlessAway(activitiesOf(client, planRef));
    if (!all) return undefined;
    const failed = all.find((activity) => activity.status === "failed");
    if (failed) throw new Error(`"${failed.title}" failed: ${failed.problem}`);
    const there = all.filter((activity) => activity.status === status);
    return there.length >= count ? there : undefined;
  });
}

/** A service that is being started again answers 503: whoever waits asks again. */
export async function unlessAway<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RestError && error.status === 503) return undefined;
    throw error;
  }
}

/** Both approvals of a draft that waits for the reviewer. */
export async function approveTwice(company: Company, draft: Activity): Promise<void> {
  const { client, reviewer, tenant } = company;
  const reviewed = await decide(reviewer, `/dm/v1/tenants/${tenant}/reviews/${draft.ref}/approve`, draft);
  await decide(client, `/tenant/v1/approvals/${draft.ref}/approve`, reviewed.body);
}

/** The code and status a call is refused with. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ status: number; code: string; message: string; details: unknown }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RestError) {
      return { status: error.status, code: error.code, message: error.message, details: error.details };
    }
    throw error;
  }
  throw new Error("the call was accepted");
}

export interface Run {
  readonly ref: string;
  readonly activityRef: string;
  readonly role: string;
  readonly status: string;
  readonly attempt: number;
  readonly credits: number;
  readonly problem: string;
}

export async function runsOf(client: Rest): Promise<Run[]> {
  return (await client.get<Listed<Run>>("/tenant/v1/runs?pageSize=200")).body.items;
}

interface Balance {
  readonly available: number | string;
  readonly reserved: number | string;
  readonly spentThisMonth: number | string;
}

/** The tenant's credits, as numbers. */
export async function creditsOf(client: Rest) {
  const { body } = await client.get<Balance>("/tenant/v1/credits");
  return {
    available: Number(body.available),
    reserved: Number(body.reserved),
    spent: Number(body.spentThisMonth),
  };
}
