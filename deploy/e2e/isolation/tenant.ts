import { approvePlan, uploadKnowledge } from "../../local/demo/main-job.ts";
import {
  type Activity,
  activitiesIn,
  approveTwice,
  type Company,
  type Listed,
  newCompany,
  quiet,
  type Rest,
  runsOf,
  until,
} from "../company.ts";
import type { Platform } from "../harness.ts";
import { paper } from "../paper.ts";
import { invited, passkeyOf, type SignedIn, signedIn } from "./people.ts";
import type { Refs } from "./refs.ts";

/** A tenant that has one of everything, made by using the platform. */
export interface Tenant {
  readonly company: Company;
  readonly refs: Refs;
  readonly owner: SignedIn;
  readonly team: Readonly<Record<"admin" | "member" | "viewer", SignedIn>>;
  /** A word that stands in its knowledge, its context and its posts, and nowhere else. */
  readonly word: string;
  /** What must never be shown to anybody else: references, names, addresses, words. */
  readonly own: readonly string[];
}

const WORK_MS = 90_000;

type One = { readonly ref: string };

/** @param word long enough to be misspelt; nobody else may use it */
export async function workingTenant(platform: Platform, word: string, reviewer: string): Promise<Tenant> {
  const company = await newCompany(platform);
  const { client } = company;
  const owner = await signedIn(platform, company.person, "dashboard");
  const other = await signedIn(platform, company.person, "dashboard");
  const at = company.person.email.split("@")[1] ?? "";
  const join = (role: "admin" | "member" | "viewer") =>
    invited(
      platform,
      client,
      { name: `${word} ${role}`, email: `${role}@${at}`, password: `spelt-and-einkorn-${word}` },
      role,
    );
  const [admin, member, viewer, work] = await Promise.all([
    join("admin"),
    join("member"),
    join("viewer"),
    doWork(company, word),
  ]);
  const rest = await leaveTraces(company, word, work);
  const refs: Refs = {
    ...work,
    ...rest,
    tenant: company.tenant,
    user: viewer.userRef,
    session: await sessionOf(other.rest),
    channel: company.channelRef,
    request: rest.invitation,
    passkey: await passkeyOf(platform, owner),
    reviewer,
  };
  const people = [owner, admin, member, viewer];
  const runs = (await runsOf(client)).map((run) => run.ref);
  const { reviewer: _shared, ...theirs } = refs;
  return {
    company,
    refs,
    owner,
    team: { admin, member, viewer },
    word,
    own: [
      ...new Set([
        ...Object.values(theirs),
        ...runs,
        ...people.flatMap(({ email, userRef }) => [email, userRef]),
        word,
      ]),
    ],
  };
}

/** Knowledge, a strategy, and a plan of which one post is published and one waits for its reviewer. */
async function doWork(company: Company, word: string) {
  const { client, channelRef } = company;
  const text = `# ${word}\n\nThe ${word} dough rests for nine hours under linen before the ${word} is baked.\n`;
  await uploadKnowledge(client, [{ name: `${word}.md`, type: "text/markdown", content: text }], quiet);
  const files = await items<{ ref: string; name: string }>(client, "/tenant/v1/files");
  const crawl = await client.post<One>("/tenant/v1/crawls", { url: `https://${word}.invalid` });
  const strategy = await client.post<{ ref: string; goals: One[] }>("/tenant/v1/strategies", {
    title: `${word} first`,
    body: `Everybody shall know ${word}.`,
    horizonMonths: 6,
    goals: [{ name: `${word} sold`, metric: "loaves", baseline: 1, target: 9, due: "2027-06-01" }],
  });
  const plan = await approvePlan(
    client,
    {
      title: `${word} in December`,
      start: "2026-12-01",
      end: "2026-12-31",
      deliverables: [
        { contentType: "blog_post", quantity: 1, theme: word, channelRef },
        { contentType: "social_post", quantity: 1, theme: word },
      ],
    },
    quiet,
  );
  const drafts = await activitiesIn(client, plan.ref, "dm_review", 2);
  const post = must(drafts.find((draft) => draft.contentType === "blog_post"));
  const waiting = must(drafts.find((draft) => draft.contentType === "social_post"));
  await approveTwice(company, post);
  await activitiesIn(client, plan.ref, "published", 1);
  const whole = await client.get<{ revisions: One[]; publications: One[] }>(
    `/tenant/v1/activities/${post.ref}`,
  );
  const [deliverable] = (await client.get<{ deliverables: One[] }>(`/tenant/v1/plans/${plan.ref}`)).body
    .deliverables;
  const run = await items<Activity & { activityRef: string }>(client, "/tenant/v1/runs");
  return {
    strategy: strategy.body.ref,
    goal: must(strategy.body.goals[0]).ref,
    plan: plan.ref,
    deliverable: must(deliverable).ref,
    activity: waiting.ref,
    revision: must(whole.body.revisions[0]).ref,
    publication: must(whole.body.publications[0]).ref,
    run: must(run[0]).ref,
    file: must(files.find(({ name }) => name.startsWith(word))).ref,
    crawl: crawl.body.ref,
  };
}

/** A comment, an open invitation, a top-up, a configured agent, and the word about what happened. */
async function leaveTraces(
  { client, admin, tenant }: Company,
  word: string,
  { activity }: { activity: string },
) {
  const comment = await client.post<One>(`/tenant/v1/activities/${activity}/comments`, {
    text: `More ${word}!`,
  });
  const invitation = await client.post<One>("/tenant/v1/invitations", {
    email: `invited@${word.toLowerCase()}.example`,
    role: "viewer",
  });
  const topUp = await client.post<One>("/tenant/v1/top-ups", { credits: 100 });
  await admin.put(`/admin/v1/tenants/${tenant}/configs`, {
    role: "topic-researcher",
    adapter: "offline",
    model: `model-of-${word}`,
  });
  const pause = await admin.post<One>("/admin/v1/pauses", {
    tenantRef: tenant,
    role: "social-post-writer",
    reason: `${word} looks at its posts first`,
  });
  const everything = await admin.post<One>(`/admin/v1/tenants/${tenant}/export`);
  const contract = await acceptedContract({ client, admin, tenant }, word);
  const looked = await admin.post<{ impersonation: One }>("/admin/v1/impersonations", {
    tenantRef: tenant,
    reason: `${word} asked what they see`,
  });
  await admin.delete(`/admin/v1/impersonations/${looked.body.impersonation.ref}`);
  const notification = await until("a notification", WORK_MS, async () =>
    (await items<One>(client, "/tenant/v1/notifications")).at(0),
  );
  await until(`${word} in search`, WORK_MS, async () =>
    (await items<One>(client, `/tenant/v1/search?q=${word}`)).at(0),
  );
  return {
    comment: comment.body.ref,
    invitation: invitation.body.ref,
    topUp: topUp.body.ref,
    pause: pause.body.ref,
    export: everything.body.ref,
    contract,
    impersonation: looked.body.impersonation.ref,
    notification: notification.ref,
  };
}

/** A contract its owner has agreed to; until that is known everywhere, nothing else opens. */
async function acceptedContract(
  { client, admin, tenant }: Pick<Company, "client" | "admin" | "tenant">,
  word: string,
): Promise<string> {
  const form = new FormData();
  form.append("title", `Agreement with ${word}`);
  const page = Uint8Array.from(paper(`${word} agrees.`));
  form.append("document", new Blob([page], { type: "application/pdf" }), "agreement.pdf");
  const { body } = await admin.upload<One & { documentHash: string }>(
    `/admin/v1/tenants/${tenant}/contract`,
    form,
  );
  await client.post(`/tenant/v1/contract/${body.ref}/accept`, { documentHash: body.documentHash });
  await until("everything to open again", WORK_MS, async () =>
    client.get("/tenant/v1/tenant").catch(() => undefined),
  );
  return body.ref;
}

async function sessionOf(rest: Rest): Promise<string> {
  const sessions = await items<{ ref: string; current: boolean }>(rest, "/auth/v1/sessions");
  return must(sessions.find(({ current }) => current)).ref;
}

async function items<T>(rest: Rest, path: string): Promise<T[]> {
  return (await rest.get<Listed<T>>(path)).body.items;
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the tenant did not get one of everything");
  return value;
}
