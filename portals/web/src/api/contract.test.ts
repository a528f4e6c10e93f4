import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { adminActions, adminQueries } from "./admin.ts";
import { auth } from "./auth.ts";
import { budgetActions, budgetQueries } from "./budgets.ts";
import { clientActions, clientQueries } from "./client-review.ts";
import { craftActions, craftQueries } from "./craft.ts";
import { dmActions, dmQueries } from "./dm.ts";
import { onboardingActions, onboardingQueries } from "./onboarding.ts";
import { platformActions, platformQueries } from "./platform.ts";
import { reviewActions, reviewQueries } from "./review.ts";
import { securityActions, securityQueries } from "./security.ts";
import { settingsActions, settingsQueries } from "./settings.ts";
import { tenantActions, tenantQueries } from "./tenant.ts";

interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}
type Document = { paths: Record<string, Record<string, Operation>> };

interface Call {
  name: string;
  method: string;
  path: string;
  query: string[];
  body: unknown;
}

const ref = "01KABCDEFGHJKMNPQRSTVWXYZ0";
const decision = { version: 1, contentHash: "h" };
const channels = [{ channelRef: ref, approved: false, note: "n" }];
const goal = { ref, name: "g", metric: "m", baseline: 0, target: 1, current: 0, due: "2026-12-31" };
const strategy = { title: "t", body: "b", horizonMonths: 6, goals: [goal] };
const plan = {
  title: "t",
  start: "2026-12-01",
  end: "2026-12-31",
  deliverables: [
    { contentType: "blog_post" as const, quantity: 1, theme: "x", channelRefs: [ref], goalRef: ref },
  ],
};
const context = {
  companySummary: "",
  brandVoice: "",
  audience: "",
  products: [],
  competitors: [],
  dos: [],
  donts: [],
  keywords: [],
  website: "",
};
const limits = { money: { minorUnits: 1, currency: "USD" }, tokens: 1, runs: 1 };
const fallback = { role: "r", steps: [{ adapter: "a", model: "m" }], version: 0 };
const tenant = { name: "n", timeZone: "UTC", locale: "en", currency: "EUR", localOnly: false, version: 1 };

/** Arguments for the queries and actions that take some; the others are called as they are. */
const given: Record<string, unknown[]> = {
  "tenant.strategy": [ref],
  "tenant.notifications": ["dm"],
  "tenant.plan": [ref],
  "tenant.activity": [ref],
  "tenant.comments": [ref],
  "tenant.runEvents": [ref],
  "tenant.context": [2],
  "tenant.periods": [ref],
  "tenant.activities": [{ status: "working", planRef: ref, contentType: "blog_post" }],
  "tenant.runs": [{ status: "working", activityRef: ref }],
  "tenant.audit": [{ entityRef: ref, traceId: "t" }],
  "tenant!saveTenant": [tenant],
  "tenant!invite": [{ email: "a@b.example", role: "member" }],
  "tenant!revokeInvitation": [ref],
  "tenant!changeRole": [ref, { role: "member", version: 1 }],
  "tenant!removeMember": [ref],
  "tenant!saveContext": [{ context, version: 1 }],
  "tenant!deleteFile": [ref],
  "tenant!askKnowledge": ["q"],
  "tenant!connectWordPress": [
    { name: "n", siteUrl: "https://a.example", username: "u", applicationPassword: "p" },
  ],
  "tenant!testChannel": [ref],
  "tenant!disconnectChannel": [ref],
  "tenant!createStrategy": [strategy],
  "tenant!saveStrategy": [ref, { ...strategy, version: 1 }],
  "tenant!approveStrategy": [ref, 1],
  "tenant!createPlan": [plan],
  "tenant!savePlan": [ref, { ...plan, version: 1 }],
  "tenant!approvePlan": [ref, 1],
  "tenant!changeActivity": [ref, "hold", 1],
  "tenant!comment": [ref, "t"],
  "tenant!approve": [ref, { ...decision, channels }],
  "tenant!reject": [ref, { ...decision, note: "n" }],
  "tenant!settle": [ref, { published: true, url: "https://a.example" }],
  "tenant!markRead": [[ref]],
  "tenant!savePreference": [{ kind: "published", inApp: true, email: true }],
  "tenant!search": ["dm", "q", new AbortController().signal],
  "client.library": [{ status: "working", planRef: ref, contentType: "blog_post" }],
  "client.calendar": ["2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
  "client.approvalLinks": [ref],
  "client.strategyVersions": [ref],
  "client!setReview": [{ skips: [{ contentType: "blog_post", channelRef: ref }], version: 0 }],
  "client!approveBundle": [[{ activityRef: ref, ...decision }]],
  "client!leaveOut": [ref, 1, [ref]],
  "client!markSeen": [ref, ref],
  "client!hold": [ref, 1],
  "client!say": [ref, "t", ref],
  "client!reschedule": [ref, 1, "2026-12-01T09:00:00Z", { channelRef: ref, dragged: true }],
  "client!revokeLinks": [ref],
  "client!acceptContract": [ref, "h"],
  "client!openLink": ["t"],
  "client!decideByLink": [{ token: "t", approved: false, note: "n", channels }],
  "craft.skill": ["tone"],
  "craft.prompt": [ref, ref, "blog-writer"],
  "craft.runsOf": [ref, "blog-writer"],
  "craft!saveSkillDraft": ["tone", { title: "t", body: "b", version: 0 }],
  "craft!discardSkillDraft": ["tone", 1],
  "craft!publishSkill": ["tone", { version: 1, note: "why" }],
  "craft!publishTemplate": [
    {
      contentType: "blog_post",
      baseNumber: 0,
      steps: [{ kind: "write", agentRole: "blog-writer", skip: "never" }],
      note: "why",
    },
  ],
  "craft!saveFilter": [
    { place: "queue", name: "n", tenantRef: ref, contentType: "blog_post", overdue: true, isDefault: true },
  ],
  "craft!forgetFilter": ["board", "n"],
  "dm.runs": [{ status: "working" }],
  "dm.activities": [ref, { status: "working" }],
  "review.queue": [{ tenantRef: ref, contentType: "blog_post", escalated: true, overdue: true, title: "t" }],
  "review.waiting": [ref],
  "review.edit": [ref, ref],
  "review.similar": [ref, ref, "h"],
  "review.stats": [30, "Europe/Berlin"],
  "review!claim": [ref, ref, true],
  "review!release": [ref, ref],
  "review!saveEdit": [ref, ref, { baseContentHash: "h", title: "t", body: "b", version: 0 }],
  "review!edit": [ref, ref],
  "review!discardEdit": [ref, ref],
  "dm!approve": [ref, ref, decision],
  "dm!editAndApprove": [ref, ref, { ...decision, title: "t", body: "b" }],
  "dm!reject": [ref, ref, { ...decision, note: "n", reasons: ["seo"], despiteClaim: true }],
  "dm!changeActivity": [ref, ref, "retry", 1],
  "dm!cancelRun": [ref, ref, "why"],
  "dm!comment": [ref, ref, { text: "t", internal: true }],
  "onboarding.changedPages": [ref],
  "onboarding!readWebsite": ["www.example.com"],
  "onboarding.crawlPages": [ref, "failed"],
  "onboarding!startResearch": ["www.example.com"],
  "onboarding!acceptProposal": [
    { fields: [{ field: "products" as const, values: ["v"] }], contextVersion: 1 },
  ],
  "onboarding!settleStep": ["company", "done"],
  "onboarding!putOff": [true],
  "onboarding!cancelCrawl": [ref],
  "admin.users": ["reviewer"],
  "admin.runs": [{ status: "failed" }],
  "admin!createTenant": [
    { name: "n", timeZone: "UTC", locale: "en", currency: "EUR", ownerEmail: "a@b.example" },
  ],
  "admin!setStatus": [ref, { status: "active", reason: "why" }],
  "admin!assign": [ref, ref],
  "admin!unassign": [ref, ref],
  "admin!grantCredits": [ref, { credits: 1, note: "n" }],
  "admin!verifyAudit": [ref],
  "admin!createUser": [{ email: "a@b.example", name: "n", platformRole: "reviewer" }],
  "admin!replay": [7],
  "platform.runFigures": ["tenant", 30],
  "platform.workFigures": [30],
  "platform.trail": [ref, { entityRef: ref, traceId: "t" }],
  "platform!deleteTenant": [ref, { tenantName: "n", reason: "why" }],
  "platform!cancelDeletion": [ref, "why"],
  "platform!startExport": [ref],
  "platform!changePlan": [ref, "pro"],
  "platform!retryActivity": [{ tenantRef: ref, ref, version: 1 }],
  "platform!testChannel": [ref, ref],
  "platform!cancelRun": [ref, ref, "why"],
  "platform!setConfig": [ref, { role: "r", adapter: "a", model: "m", baseUrl: "u", apiKey: "k" }],
  "platform!testAdapter": [ref, "blog-writer", { adapter: "a", model: "m" }],
  "budget!setOwn": [limits],
  "budget!setForTenant": [ref, { scope: "role", role: "r", limits, version: 0 }],
  "budget!setDefault": [{ scope: "role", role: "r", limits, version: 0 }],
  "budget!setFallback": [ref, { ...fallback, followDefault: true }],
  "budget!setDefaultFallback": [fallback],
  "platform!pause": [{ tenantRef: ref, role: "r", reason: "why" }],
  "platform!resume": [ref],
  "platform!endSessions": [ref, "why"],
  "platform!resetSecondFactor": [ref, "why"],
  "settings!change": ["portals.banner", { value: "v", version: 1 }],
  "settings!reset": ["portals.banner", 1],
  "settings!setShare": ["calendar_drag", { share: 50, version: 1 }],
  "settings!setForTenant": [ref, "calendar_drag", "on"],
  "platform.impersonations": [{ tenantRef: ref, live: true }],
  "platform!impersonate": [{ userRef: ref, tenantRef: ref, reason: "why it is needed" }],
  "platform!endImpersonation": [ref],
  "platform!sendTestMail": ["published"],
  "auth!register": [
    { email: "a@b.example", password: "p", name: "n", companyName: "c", invitationToken: "t" },
  ],
  "auth!verifyEmail": ["t"],
  "auth!login": [{ email: "a@b.example", password: "p", portal: "dm", tenantRef: ref }],
  "auth!loginWithCode": [{ challengeToken: "t", code: "123456", portal: "dm" }],
  "auth!passkeyOptions": ["dm"],
  "auth!loginWithPasskey": [{ responseJson: "{}", portal: "dm" }],
  "security!changePassword": [{ currentPassword: "p", newPassword: "q" }],
  "security!endSession": [ref],
  "security!startTotp": ["p"],
  "security!confirmTotp": ["123456"],
  "security!disableTotp": [{ password: "p", code: "123456" }],
  "security!regenerateRecoveryCodes": [{ password: "p", code: "123456" }],
  "security!passkeyOptions": ["p"],
  "security!addPasskey": [{ responseJson: "{}", name: "n" }],
  "security!renamePasskey": [ref, "n"],
  "security!removePasskey": [ref, "p"],
  "auth!openImpersonation": [{ ticket: "t", replace: true }],
  "auth!forgot": ["a@b.example"],
  "auth!reset": [{ token: "t", newPassword: "p" }],
};

type Asked = { queryFn?: unknown; initialPageParam?: unknown };

/** Runs every query and action against a wire that only listens. */
async function everyCall(): Promise<Call[]> {
  const calls: Call[] = [];
  let name = "";
  const real = globalThis.fetch;
  Object.assign(globalThis, { location: new URL("http://portal.test/") });
  globalThis.fetch = async (input) => {
    const request = input instanceof Request ? input : new Request(input);
    const url = new URL(request.url);
    const text = await request.text();
    calls.push({
      name,
      method: request.method.toLowerCase(),
      path: url.pathname.replace(/^\/api/, ""),
      query: [...url.searchParams.keys()],
      body: text ? JSON.parse(text) : undefined,
    });
    return Response.json({ items: [], nextPageToken: null });
  };
  const queries = {
    client: clientQueries,
    tenant: tenantQueries,
    onboarding: onboardingQueries,
    craft: craftQueries,
    dm: dmQueries,
    review: reviewQueries,
    admin: adminQueries,
    platform: platformQueries,
    budget: budgetQueries,
    settings: settingsQueries,
    security: securityQueries,
  };
  for (const [portal, all] of Object.entries(queries)) {
    for (const [key, one] of Object.entries(all)) {
      name = `${portal}.${key}`;
      const make: unknown = one;
      const options = (typeof make === "function" ? make(...(given[name] ?? [ref, ref])) : make) as Asked;
      const run = options.queryFn as (context: object) => Promise<unknown>;
      await run({ signal: new AbortController().signal, pageParam: "next" });
    }
  }
  const actions = {
    client: clientActions,
    tenant: tenantActions,
    onboarding: onboardingActions,
    craft: craftActions,
    dm: dmActions,
    review: reviewActions,
    admin: adminActions,
    platform: platformActions,
    budget: budgetActions,
    settings: settingsActions,
    security: securityActions,
    auth,
  };
  for (const [portal, all] of Object.entries(actions)) {
    for (const [key, act] of Object.entries(all)) {
      name = `${portal}!${key}`;
      const run = act as (...args: unknown[]) => Promise<unknown>;
      await run(...(given[name] ?? []));
    }
  }
  globalThis.fetch = real;
  return calls;
}

/** Fields of a body that the schema does not know, by path. */
function unknownFields(value: unknown, schema: Schema | undefined, at = ""): string[] {
  const known = schema?.properties
    ? schema
    : (schema?.anyOf?.find((one) => one.properties ?? one.items) ?? schema);
  if (Array.isArray(value))
    return value.flatMap((one, index) => unknownFields(one, known?.items, `${at}[${index}]`));
  if (typeof value !== "object" || value === null || !known?.properties) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const property = known.properties?.[name];
    return property ? unknownFields(inner, property, `${at}.${name}`) : [`${at}.${name}`];
  });
}

describe("every call the portals make", () => {
  let document: Document;
  let calls: Call[];

  beforeAll(async () => {
    const script = new URL("../../../../gateway/src/openapi.ts", import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, [script], { maxBuffer: 64 << 20 });
    document = JSON.parse(stdout);
    calls = await everyCall();
  }, 60_000);

  const operationOf = (call: Call): Operation | undefined => {
    const exact = document.paths[call.path]?.[call.method];
    if (exact) return exact;
    for (const [path, operations] of Object.entries(document.paths)) {
      const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`);
      const operation = operations[call.method];
      if (operation && pattern.test(call.path)) return operation;
    }
    return undefined;
  };

  it("is a route of the gateway", () => {
    const missing = calls
      .filter((call) => !operationOf(call))
      .map((call) => `${call.name}: ${call.method} ${call.path}`);
    expect(missing).toEqual([]);
    expect(calls.length).toBeGreaterThan(70);
  });

  it("asks only what its route knows", () => {
    const strange = calls.flatMap((call) => {
      const known = new Set(
        operationOf(call)
          ?.parameters?.filter((one) => one.in === "query")
          .map((one) => one.name),
      );
      return call.query.filter((name) => !known.has(name)).map((name) => `${call.name}: ?${name}`);
    });
    expect(strange).toEqual([]);
  });

  it("sends no field its route would refuse", () => {
    const strange = calls.flatMap((call) => {
      const schema = operationOf(call)?.requestBody?.content["application/json"]?.schema;
      return unknownFields(call.body, schema).map((field) => `${call.name}: ${field}`);
    });
    expect(strange).toEqual([]);
  });
});
