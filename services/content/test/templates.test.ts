import { Code, ConnectError } from "@connectrpc/connect";
import { emit, type Id, systemCtx, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { RunSucceededSchema } from "@leadmetrics/proto/agents/events/v1/events";
import { ActivitiesService } from "@leadmetrics/proto/content/v1/activities";
import { ActivityTemplatesService, SkipRule } from "@leadmetrics/proto/content/v1/activity_templates";
import { ContentType, PlansService, StepKind } from "@leadmetrics/proto/content/v1/plans";
import { FilterPlace, SavedFiltersService } from "@leadmetrics/proto/content/v1/saved_filters";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentDb } from "../src/db.ts";
import { savedFiltersService } from "../src/desk/filters.ts";
import { DESK } from "../src/desk/tunables.ts";
import { activityTemplatesService } from "../src/planning/templates/rpc.ts";
import { THEME_SAYS_ENOUGH } from "../src/planning/templates/rules.ts";
import { runResultConsumer } from "../src/production/run-results.ts";
import { servicesOf } from "../src/services.ts";

const roles = [
  { name: "topic-researcher", title: "Topic researcher", credits: 2, makes: "notes" },
  { name: "content-brief-writer", title: "Brief writer", credits: 1, makes: "notes" },
  { name: "blog-writer", title: "Blog writer", credits: 5, makes: "draft" },
  { name: "social-post-writer", title: "Social post writer", credits: 2, makes: "draft" },
];

let t: ServiceTest<ContentDb>;
beforeAll(async () => {
  t = await startServiceTest<ContentDb>({
    service: "content",
    migrations: new URL("../migrations/", import.meta.url),
  });
  const namesOf = async () => new Map<string, string>();
  await t.start({
    config: t.config,
    rpc: ({ db, box }) => [
      ...servicesOf({ db, box, allowPrivate: [], namesOf }),
      // What the agents service answers: the registry of roles.
      activityTemplatesService(db, namesOf, async () => roles),
      savedFiltersService(db),
    ],
    consumers: () => [runResultConsumer()],
  });
});
afterAll(() => t?.close());

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

const editor = () => t.client(ActivityTemplatesService, t.ctx.reviewer([t.tenantA]).principal);
const step = (kind: StepKind, agentRole = "", skip = SkipRule.NEVER) => ({ kind, agentRole, skip });
const ending = [step(StepKind.DM_REVIEW), step(StepKind.CLIENT_REVIEW), step(StepKind.PUBLISH)];
const short = [
  step(StepKind.RESEARCH, "topic-researcher", SkipRule.THEME_SAYS_ENOUGH),
  step(StepKind.WRITE, "blog-writer"),
  ...ending,
];
const blog = { contentType: ContentType.BLOG_POST, note: "Shorter." };

/** An approved plan whose planner named these themes; its activities with their steps, by title. */
async function planned(...themes: string[]) {
  const { principal } = t.ctx.tenant();
  const plans = await t.client(PlansService, principal);
  const activities = await t.client(ActivitiesService, principal);
  const made = await plans.createPlan({
    title: "December",
    start: { year: 2026, month: 12, day: 1 },
    end: { year: 2026, month: 12, day: 31 },
    deliverables: [{ contentType: ContentType.BLOG_POST, quantity: themes.length, theme: "Rye" }],
  });
  const { plan } = await plans.approvePlan({ planRef: made.plan?.ref, version: made.plan?.stamp?.version });
  if (!plan) throw new Error("no plan");
  const ctx = systemCtx("an agent", { tenantId: t.tenantA });
  const value = {
    activities: themes.map((theme, index) => ({
      contentType: ContentType.BLOG_POST,
      deliverableRef: plan.deliverables[0]?.ref ?? "",
      title: `Item number ${index}`,
      theme,
    })),
  };
  await t.db.withTenant(ctx, (tx) =>
    emit(
      tx,
      ctx,
      RunSucceededSchema,
      {
        run: { ref: plan.plannerRunRef, role: "activity-planner", planRef: plan.ref },
        output: { case: "planner", value },
      },
      { aggregate: plan.plannerRunRef },
    ),
  );
  const listed = async () => (await activities.listActivities({ planRef: plan.ref })).activities;
  await expect.poll(async () => (await listed()).length, { timeout: 10_000 }).toBe(themes.length);
  const rows = await t.db.withTenant(ctx, (tx) =>
    tx
      .selectFrom("activity_step")
      .innerJoin("activity", "activity.id", "activity_step.activity_id")
      .select(["activity.id", "activity.title", "activity.template_number", "kind", "activity_step.status"])
      .orderBy("activity.title")
      .orderBy("position")
      .execute(),
  );
  const refs = new Set((await listed()).map(({ ref }) => ref));
  return {
    plan,
    steps: rows.filter(({ id }) => refs.has(toRef(id as Id))),
  };
}

describe("activity templates", () => {
  it("are what the build brings along until others are published", async () => {
    const { templates, themeCharacters } = await (await editor()).listTemplateRecords({});
    expect(templates.map(({ name, number }) => [name, number])).toEqual([
      ["Blog post", 0],
      ["Social post", 0],
    ]);
    expect(themeCharacters).toBe(THEME_SAYS_ENOUGH);
    const { plan, steps } = await planned("Rye");
    expect(plan.estimatedCredits).toBe(8);
    expect(steps.map(({ kind }) => kind)).toContain("brief");
    expect(steps[0]?.template_number).toBe(0);
  });

  it("hold for what is planned after them; what has begun keeps its steps", async () => {
    const before = await planned("Rye");
    const templates = await editor();
    const { template } = await templates.publishTemplate({ ...blog, baseNumber: 0, steps: short });
    expect(template).toMatchObject({ number: 1, versions: [{ number: 1, note: "Shorter." }, { number: 0 }] });
    expect(template?.versions[0]?.steps.map(({ credits }) => credits)).toEqual([2, 5, 0, 0, 0]);

    const after = await planned("Rye", "x".repeat(THEME_SAYS_ENOUGH));
    expect(after.plan.estimatedCredits).toBe(14);
    const statesOf = (title: string) =>
      after.steps.filter((one) => one.title === title).map(({ kind, status }) => `${kind} ${status}`);
    expect(statesOf("Item number 0").slice(0, 2)).toEqual(["research active", "write pending"]);
    expect(statesOf("Item number 1").slice(0, 2)).toEqual(["research skipped", "write active"]);
    expect(new Set(after.steps.map((one) => one.template_number))).toEqual(new Set([1]));
    expect(before.steps.map(({ kind }) => kind)).toContain("brief");
  });

  it("refuse steps the state machine has no way for, each by its place", async () => {
    const templates = await editor();
    const wrong = [
      step(StepKind.WRITE, "topic-researcher"),
      step(StepKind.DM_REVIEW),
      step(StepKind.PUBLISH),
    ];
    const error = await refusal(templates.publishTemplate({ ...blog, baseNumber: 1, steps: wrong }));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.rawMessage).toContain("after write come dm_review, client_review, publish");
    const plan = [step(StepKind.PLAN, "activity-planner"), ...short];
    expect((await refusal(templates.publishTemplate({ ...blog, baseNumber: 1, steps: plan }))).code).toBe(
      Code.InvalidArgument,
    );
  });

  it("are published by one of two who press at once, and never the same twice", async () => {
    const templates = await editor();
    const steps = [step(StepKind.WRITE, "blog-writer"), ...ending];
    const press = () => templates.publishTemplate({ ...blog, baseNumber: 1, steps });
    const outcomes = await Promise.allSettled([press(), press()]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const same = await refusal(templates.publishTemplate({ ...blog, baseNumber: 2, steps }));
    expect(same.rawMessage).toContain("These are the steps of version 2");
    const late = await refusal(templates.publishTemplate({ ...blog, baseNumber: 0, steps: short }));
    expect(late.rawMessage).toContain("Somebody else has published");
  });

  it("are nothing a client may change", async () => {
    const client = await t.client(ActivityTemplatesService, t.ctx.tenant().principal);
    expect((await refusal(client.listTemplateRecords({}))).code).toBe(Code.PermissionDenied);
  });
});

describe("saved filters", () => {
  const person = () => t.client(SavedFiltersService, t.ctx.reviewer([t.tenantA]).principal);
  const mine = { place: FilterPlace.QUEUE, name: "Late posts", overdue: true, title: "rye" };

  it("are kept for who saved them, under one name once, one of a list the default", async () => {
    const own = await person();
    await own.saveFilter({ filter: { ...mine, isDefault: true } });
    await own.saveFilter({ filter: { ...mine, title: "bread", isDefault: true } });
    await own.saveFilter({
      filter: { ...mine, place: FilterPlace.BOARD, status: "dm_review", isDefault: true },
    });
    await own.saveFilter({
      filter: {
        place: FilterPlace.QUEUE,
        name: "Blogs",
        contentType: ContentType.BLOG_POST,
        isDefault: true,
      },
    });
    const { filters } = await own.listSavedFilters({});
    expect(filters.map(({ place, name, isDefault }) => [place, name, isDefault])).toEqual(
      expect.arrayContaining([
        [FilterPlace.QUEUE, "Blogs", true],
        [FilterPlace.QUEUE, "Late posts", false],
        [FilterPlace.BOARD, "Late posts", true],
      ]),
    );
    expect(filters).toHaveLength(3);
    expect(filters.find(({ title }) => title === "bread")).toMatchObject({ overdue: true, escalated: false });
    expect(filters.find(({ name }) => name === "Blogs")?.contentType).toBe(ContentType.BLOG_POST);
    await own.forgetFilter({ place: FilterPlace.QUEUE, name: "Blogs" });
    await own.forgetFilter({ place: FilterPlace.QUEUE, name: "Blogs" });
    expect((await own.listSavedFilters({})).filters).toHaveLength(2);
    const other = await person();
    expect((await other.listSavedFilters({})).filters).toEqual([]);
    await other.forgetFilter({ place: FilterPlace.BOARD, name: "Late posts" });
    expect((await own.listSavedFilters({})).filters).toHaveLength(2);
  });

  it("have a name and an end", async () => {
    const own = await person();
    expect((await refusal(own.saveFilter({ filter: { ...mine, name: "   " } }))).code).toBe(
      Code.InvalidArgument,
    );
    for (let index = 0; index < DESK.savedFilters; index += 1)
      await own
        .saveFilter({ filter: { ...mine, place: FilterPlace.BOARD, name: `Filter ${index}` } })
        .catch(() => {});
    const more = await refusal(
      own.saveFilter({ filter: { ...mine, place: FilterPlace.BOARD, name: "One more" } }),
    );
    expect(more.code).toBe(Code.ResourceExhausted);
  });
});
