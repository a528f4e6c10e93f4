/** `npm run demo`: the main job, headless, over the public REST API of a running platform. */
import {
  type Activity,
  type Addresses,
  approvePlan,
  awaitActivity,
  connectSandbox,
  decide,
  describeCompany,
  type Listed,
  signIn,
  signUp,
  uploadKnowledge,
} from "./demo/main-job.ts";
import { until } from "./demo/rest.ts";
import { people } from "./people.ts";

const at: Addresses = {
  gateway: process.env.GATEWAY_URL ?? "http://127.0.0.1:3003",
  mail: process.env.MAIL_INBOX_URL ?? "http://127.0.0.1:4194",
  sandboxSite: process.env.SANDBOX_SITE_URL ?? "http://127.0.0.1:4195",
};

function tell(hop: string, ms: number, traceId?: string): void {
  console.log(`${ms.toFixed(0).padStart(7)} ms  ${hop}${traceId ? `  [trace ${traceId}]` : ""}`);
}

/** A plan for the month that starts next. */
function nextMonth(): { start: string; end: string; label: string } {
  const now = new Date();
  const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  const end = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 0));
  const label = start.toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
  return { start: start.toISOString().slice(0, 10), end: end.toISOString().slice(0, 10), label };
}

const begun = performance.now();
const stamp = Date.now().toString(36);
const person = {
  name: "Dana Demo",
  email: `dana-${stamp}@demo-${stamp}.example`,
  password: `rye-and-spelt-${stamp}`,
};

const client = await signUp(at, person, `Demo Bakery ${stamp}`, tell);
const me = (await client.get<{ membership: { tenantRef: string } }>("/auth/v1/me")).body;
const tenant = me.membership.tenantRef;

const admin = await signIn(at.gateway, people.superAdmin, "manage");
const reviewers = await admin.get<Listed<{ ref: string; email: string }>>(
  "/admin/v1/users?platformRole=reviewer",
);
const rune = reviewers.body.items.find((user) => user.email === people.reviewer.email);
if (!rune)
  throw new Error(`the platform has no reviewer ${people.reviewer.email}: was it started with npm start?`);
const assigned = await admin.put(`/admin/v1/tenants/${tenant}/reviewers/${rune.ref}`);
tell("reviewer assigned", assigned.ms, assigned.traceId);
const reviewer = await signIn(at.gateway, people.reviewer, "dm");

await describeCompany(
  client,
  {
    companySummary: "A neighbourhood bakery that mills its own rye and spelt and bakes before dawn.",
    brandVoice: "Warm, plain, a little proud of the craft. Short sentences.",
    audience: "Home bakers and people who queue for good bread.",
    products: ["Rye sourdough", "Spelt loaf", "Weekend baking class"],
    competitors: ["Supermarket bread"],
    dos: ["Name the flour", "Say how long it rests"],
    donts: ["No health claims"],
    keywords: ["sourdough starter", "rye bread"],
    website: "https://bakery.example",
  },
  tell,
);
await uploadKnowledge(
  client,
  [
    {
      name: "starter.md",
      type: "text/markdown",
      content:
        "# Our starter\n\nThe rye starter is fed twice a day at 26 °C and rests for sixteen hours before the dough is mixed.\n",
    },
    {
      name: "classes.html",
      type: "text/html",
      content:
        "<h1>Baking class</h1><p>Every Saturday eight people learn to shape a spelt loaf. The class takes four hours.</p>",
    },
    {
      name: "opening.txt",
      type: "text/plain",
      content: "The bakery opens at six in the morning and sells out of rye sourdough by ten on most days.\n",
    },
  ],
  tell,
);
const channelRef = await connectSandbox(client, at, tell);
const month = nextMonth();
const plan = await approvePlan(
  client,
  {
    title: `Content for ${month.label}`,
    start: month.start,
    end: month.end,
    deliverables: [{ contentType: "blog_post", quantity: 1, theme: "Sourdough at home", channelRef }],
  },
  tell,
);

const mine = `/tenant/v1/activities?planRef=${plan.ref}`;
const draft = await awaitActivity(
  client,
  mine,
  ["dm_review"],
  "planned, researched, briefed and written",
  tell,
);
const first = await decide(reviewer, `/dm/v1/tenants/${tenant}/reviews/${draft.ref}/reject`, draft, {
  note: "Say how long the dough rests, in the first paragraph.",
});
tell("reviewer rejected with a note", first.ms, first.traceId);
const second = await awaitActivity(client, mine, ["dm_review"], "written again with the note", tell);
const reviewed = await decide(reviewer, `/dm/v1/tenants/${tenant}/reviews/${second.ref}/approve`, second);
tell("reviewer approved", reviewed.ms, reviewed.traceId);
const waiting = await awaitActivity(client, mine, ["client_review"], "waits for the client", tell);
const approved = await decide(client, `/tenant/v1/approvals/${waiting.ref}/approve`, waiting);
tell("client approved", approved.ms, approved.traceId);
const published = await awaitActivity(
  client,
  mine,
  ["published"],
  "published to the WordPress channel",
  tell,
);

const periods = await client.get<Listed<{ completedCount: number; targetCount: number }>>(
  `/tenant/v1/periods?planRef=${plan.ref}`,
);
const period = periods.body.items[0];
tell(`deliverable period counts ${period?.completedCount} of ${period?.targetCount}`, periods.ms);
const misspelt = misspell(published.title);
const since = performance.now();
await until(`finding the post by "${misspelt}"`, 20_000, async () => {
  const hits = await client.get<Listed<{ ref: string }>>(
    `/tenant/v1/search?q=${encodeURIComponent(misspelt)}`,
  );
  return hits.body.items.some((hit) => hit.ref === published.ref) ? true : undefined;
});
tell(`search finds it by "${misspelt}"`, performance.now() - since);
const trail = await client.get<Listed<{ action: string; traceId: string }>>(
  `/tenant/v1/audit?traceId=${plan.traceId}&pageSize=200`,
);
tell(
  `the audit trail has ${trail.body.items.length} entries under the trace of the plan's approval`,
  trail.ms,
);
const page = await fetch(published.publishedUrl);
if (!page.ok) throw new Error(`the published page answers ${page.status}: ${published.publishedUrl}`);
tell("done", performance.now() - begun);
console.log(`\nPublished: ${published.publishedUrl}`);

/** The longest word of a title with two of its letters swapped. */
function misspell(title: Activity["title"]): string {
  const word = title.split(/\W+/).sort((a, b) => b.length - a.length)[0] ?? title;
  const middle = Math.floor(word.length / 2);
  return `${word.slice(0, middle - 1)}${word[middle] ?? ""}${word[middle - 1] ?? ""}${word.slice(middle + 1)}`;
}
