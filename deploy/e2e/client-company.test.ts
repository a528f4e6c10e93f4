import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  approvePlan,
  connectSandbox,
  describeCompany,
  type Listed,
  signIn,
  signUp,
  uploadKnowledge,
} from "../local/demo/main-job.ts";
import { type Rest, RestError, until } from "../local/demo/rest.ts";
import { people } from "../local/people.ts";
import { type Platform, platformForTests } from "./harness.ts";

const SETUP_MS = 240_000;

let platform: Platform;
let client: Rest;
let tenant = "";
let channelRef = "";
const stamp = Date.now().toString(36);
const quiet = () => {};

/** The code and status an API call is refused with. */
async function refusal(
  call: Promise<unknown>,
): Promise<{ status: number; code: string; message: string; details: unknown }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RestError)
      return { status: error.status, code: error.code, message: error.message, details: error.details };
    throw error;
  }
  throw new Error("the call was accepted");
}

beforeAll(async () => {
  platform = await platformForTests({ portals: false });
  const at = platform.addresses;
  const person = {
    name: "Erin Endtoend",
    email: `erin@e2e-${stamp}.example`,
    password: `barley-and-oats-${stamp}`,
  };
  client = await signUp(at, person, `E2E Bakery ${stamp}`, quiet);
  tenant = (await client.get<{ membership: { tenantRef: string } }>("/auth/v1/me")).body.membership.tenantRef;
  const admin = await signIn(at.gateway, people.superAdmin, "manage");
  const users = await admin.get<Listed<{ ref: string; email: string }>>(
    "/admin/v1/users?platformRole=reviewer",
  );
  const rune = users.body.items.find((user) => user.email === people.reviewer.email);
  await admin.put(`/admin/v1/tenants/${tenant}/reviewers/${rune?.ref}`);
  await describeCompany(
    client,
    {
      companySummary: "A bakery.",
      brandVoice: "Plain.",
      audience: "Home bakers",
      products: ["Rye loaf"],
      competitors: [],
      dos: [],
      donts: [],
      keywords: ["rye"],
      website: "",
    },
    quiet,
  );
  await uploadKnowledge(
    client,
    [{ name: "rye.md", type: "text/markdown", content: "# Rye\n\nThe rye dough rests for sixteen hours.\n" }],
    quiet,
  );
  channelRef = await connectSandbox(client, at, quiet);
}, SETUP_MS);

afterAll(async () => {
  await platform?.stop();
}, 60_000);

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
