import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvePlan, signUp } from "../local/demo/main-job.ts";
import { SERVICES } from "../local/system.ts";
import { type Company, type Listed, newCompany, quiet, Rest, refusal, until } from "./company.ts";
import { type Platform, platformForTests } from "./harness.ts";

const SETUP_MS = 240_000;

let platform: Platform;
let client: Rest;
let channelRef = "";
let person: Company["person"];
const stamp = Date.now().toString(36);

beforeAll(async () => {
  platform = await platformForTests({ portals: false });
  ({ client, channelRef, person } = await newCompany(platform));
}, SETUP_MS);

afterAll(async () => {
  await platform?.stop();
}, 60_000);

/** A call of each service that any member may make; a query needs a word. */
const ASKED: Readonly<Record<(typeof SERVICES)[number], readonly [path: string, body?: object]>> = {
  identity: ["leadmetrics.identity.v1.AuthService/GetMe"],
  tenancy: ["leadmetrics.tenancy.v1.ContextService/GetContext"],
  content: ["leadmetrics.content.v1.PlansService/ListPlans"],
  agents: ["leadmetrics.agents.v1.RunsService/ListRuns"],
  billing: ["leadmetrics.billing.v1.CreditsService/GetBalance"],
  notifications: ["leadmetrics.notifications.v1.FeedService/ListNotifications"],
  rag: ["leadmetrics.rag.v1.FilesService/ListFiles"],
  search: ["leadmetrics.search.v1.SearchService/Search", { query: "rye" }],
};

describe("a session that is ended", () => {
  it("is over at every service within a second", async () => {
    const login = await new Rest(platform.addresses.gateway).post<{ accessToken: string }>("/auth/v1/login", {
      ...{ email: person.email, password: person.password, portal: "dashboard" },
    });
    const token = login.body.accessToken;
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
      sid: string;
    };
    const ask = async (service: (typeof SERVICES)[number]) => {
      const [path, body = {}] = ASKED[service];
      const response = await fetch(`${platform.url(service)}/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
      await response.body?.cancel();
      return response.status;
    };
    expect(await Promise.all(SERVICES.map(ask))).toEqual(SERVICES.map(() => 200));
    await client.delete(`/auth/v1/sessions/${claims.sid}`);
    const ended = performance.now();
    const took = await Promise.all(
      SERVICES.map((service) =>
        until(`the end of the session at ${service}`, 10_000, async () =>
          (await ask(service)) === 401 ? performance.now() - ended : undefined,
        ),
      ),
    );
    console.log(
      `a session's end reached ${SERVICES.map((service, index) => `${service} after ${Math.round(took[index] ?? 0)} ms`).join(", ")}`,
    );
    expect(Math.max(...took)).toBeLessThan(1_000);
  });
});

describe("a client company", () => {
  it("approves a plan, which opens its periods and asks for the planner, and a second approval is refused with the state", async () => {
    const plan = await approvePlan(
      client,
      {
        title: "December",
        start: "2026-12-01",
        end: "2026-12-31",
        deliverables: [{ contentType: "blog_post", quantity: 4, theme: "Rye bread", channelRef }],
      },
      quiet,
    );
    const approved = await client.get<{ status: string; version: number; plannerRunRef: string }>(
      `/tenant/v1/plans/${plan.ref}`,
    );
    expect(approved.body.status).toBe("approved");
    expect(approved.body.plannerRunRef).not.toBe("");
    const second = await refusal(
      client.post(`/tenant/v1/plans/${plan.ref}/approve`, { version: approved.body.version }),
    );
    expect(second.status).toBe(409);
    expect(second.details).toMatchObject({ status: "approved" });
    const periods = await client.get<Listed<{ targetCount: number }>>(
      `/tenant/v1/periods?planRef=${plan.ref}`,
    );
    expect(periods.body.items.map((period) => period.targetCount)).toEqual([4]);
    const trail = await until("the audit trail", 20_000, async () => {
      const { body } = await client.get<Listed<{ action: string }>>(
        `/tenant/v1/audit?traceId=${plan.traceId}&pageSize=200`,
      );
      return body.items.some((entry) => entry.action === "content.plan.approved") ? body.items : undefined;
    });
    expect(trail.map((entry) => entry.action)).toContain("content.run.requested");
  });

  it("finds its knowledge by a misspelt word, and a stranger doesn't", async () => {
    const found = await until("search", 20_000, async () => {
      const hits = await client.get<Listed<{ title: string }>>(
        `/tenant/v1/search?q=${encodeURIComponent("ryee")}`,
      );
      return hits.body.items.length > 0 ? hits.body.items : undefined;
    });
    expect(found.map((hit) => hit.title).join()).toContain("rye");
  });
});

describe("what bad input gets", () => {
  it.each([0, -1, 10_000])(
    "a plan with a quantity of %i is refused with the field's name",
    async (quantity) => {
      const refused = await refusal(
        client.post("/tenant/v1/plans", {
          title: "Bad",
          start: "2026-12-01",
          end: "2026-12-31",
          deliverables: [{ contentType: "blog_post", quantity }],
        }),
      );
      expect(refused.status).toBe(400);
      expect(JSON.stringify(refused.details)).toContain("quantity");
    },
  );

  it("a plan that ends before it starts is refused", async () => {
    const refused = await refusal(
      client.post("/tenant/v1/plans", {
        title: "Bad",
        start: "2026-12-31",
        end: "2026-12-01",
        deliverables: [{ contentType: "blog_post", quantity: 1 }],
      }),
    );
    expect(refused.status).toBe(400);
  });

  it("an unknown field is named", async () => {
    const refused = await refusal(
      client.post("/tenant/v1/plans", {
        title: "Bad",
        start: "2026-12-01",
        end: "2026-12-31",
        deliverables: [],
        colour: "red",
      }),
    );
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused)).toContain("colour");
  });

  it("a channel at a private address is refused before anything is sent there", async () => {
    const refused = await refusal(
      client.post("/tenant/v1/channels", {
        kind: "wordpress",
        siteUrl: "http://10.0.0.1",
        username: "a",
        applicationPassword: "b",
      }),
    );
    expect(refused.status).toBe(409);
    expect(refused.code).toBe("private_address");
  });

  it("a wrong application password is refused and nothing is saved", async () => {
    const before = await client.get<Listed<unknown>>("/tenant/v1/channels");
    const refused = await refusal(
      client.post("/tenant/v1/channels", {
        kind: "wordpress",
        siteUrl: platform.addresses.sandboxSite,
        username: "editor",
        applicationPassword: "wrong",
      }),
    );
    expect(refused.code).toBe("wrong_credentials");
    const after = await client.get<Listed<unknown>>("/tenant/v1/channels");
    expect(after.body.items).toHaveLength(before.body.items.length);
  });

  it("somebody else's plan reads exactly like one that does not exist", async () => {
    const other = await signUp(
      platform.addresses,
      { name: "Oda Other", email: `oda@e2e-${stamp}.example`, password: `millet-and-rice-${stamp}` },
      `Other ${stamp}`,
      quiet,
    );
    const mine = await client.get<Listed<{ ref: string }>>("/tenant/v1/plans");
    const foreign = await refusal(other.get(`/tenant/v1/plans/${mine.body.items[0]?.ref}`));
    const absent = await refusal(other.get("/tenant/v1/plans/01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    expect({ ...foreign, message: foreign.message.replace(/plans\/\w+/, "") }).toEqual({
      ...absent,
      message: absent.message.replace(/plans\/\w+/, ""),
    });
    expect(foreign.status).toBe(404);
  });
});
