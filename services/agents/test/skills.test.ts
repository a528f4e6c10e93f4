import { Code } from "@connectrpc/connect";
import { type Id, newId, systemCtx, toRef } from "@leadmetrics/kit";
import type { ServiceTest } from "@leadmetrics/kit/testing";
import { RolesService } from "@leadmetrics/proto/agents/v1/roles";
import { SkillsService } from "@leadmetrics/proto/agents/v1/skills";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentsDb } from "../src/db.ts";
import { service } from "../src/definition.ts";
import { insertRun } from "../src/runs/store.ts";
import { skillsNamed } from "../src/skills/index.ts";
import { publishedSkills, recordUse, withDrafts } from "../src/skills/store.ts";
import { agentsTest, refusal } from "./agents.ts";

let t: ServiceTest<AgentsDb>;
beforeAll(async () => {
  const agents = await agentsTest();
  t = agents.t;
  await t.start({ config: agents.config, rpc: service.rpc });
});
afterAll(() => t?.close());

const reviewer = () => t.client(SkillsService, t.ctx.reviewer([t.tenantA]).principal);
const [tone] = skillsNamed(["tone"]);

describe("skills", () => {
  it("are what the build brings along until somebody publishes another version, then that", async () => {
    const skills = await reviewer();
    const first = (await skills.getSkill({ name: "tone" })).skill;
    expect(first).toMatchObject({ number: 0, version: 0 });
    expect(first?.draft).toBeUndefined();
    expect(first?.versions).toMatchObject([{ number: 0, body: tone?.body, publishedBy: "" }]);
    expect(first?.roles).toContain("blog-writer");

    const draft = { name: "tone", title: "Tone", body: "- Be warm.", version: 0 };
    const saved = (await skills.saveSkillDraft(draft)).skill;
    expect(saved?.draft).toMatchObject({ title: "Tone", body: "- Be warm." });
    // A draft is nobody's instruction yet.
    const [told] = await t.db.global((tx) => publishedSkills(tx, ["tone"]));
    expect(told).toMatchObject({ number: 0, body: tone?.body });
    expect(await withDrafts(t.db, told ? [told] : [])).toMatchObject([{ number: 0, body: "- Be warm." }]);

    const published = (
      await skills.publishSkill({ name: "tone", version: saved?.version ?? 0, note: "Warmer." })
    ).skill;
    expect(published?.number).toBe(1);
    expect(published?.draft).toBeUndefined();
    expect(published?.versions.map(({ number }) => number)).toEqual([1, 0]);
    expect(published?.versions[0]).toMatchObject({ note: "Warmer.", body: "- Be warm." });
    expect(await t.db.global((tx) => publishedSkills(tx, ["seo", "tone"]))).toMatchObject([
      { name: "seo", number: 0 },
      { name: "tone", number: 1, body: "- Be warm." },
    ]);
    const roles = await t.client(RolesService, t.ctx.superAdmin().principal);
    const listed = (await roles.listSkills({})).skills.find(({ name }) => name === "tone");
    expect(listed).toMatchObject({ number: 1, body: "- Be warm.", hasDraft: false });
  });

  it("refuse who has not seen what somebody else wrote meanwhile, and keep it", async () => {
    const [ann, ben] = [await reviewer(), await reviewer()];
    const text = { name: "seo", title: "Search", version: 0 };
    await ann.saveSkillDraft({ ...text, body: "- Ann's." });
    const late = await refusal(ben.saveSkillDraft({ ...text, body: "- Ben's." }));
    expect(late.code).toBe(Code.FailedPrecondition);
    expect(late.rawMessage).toContain("Somebody else has changed this skill");
    const now = (await ben.getSkill({ name: "seo" })).skill;
    expect(now?.draft?.body).toBe("- Ann's.");
    expect((await refusal(ben.publishSkill({ name: "seo", version: 7, note: "Mine." }))).code).toBe(
      Code.FailedPrecondition,
    );
    const gone = (await ben.discardSkillDraft({ name: "seo", version: now?.version ?? 0 })).skill;
    expect(gone?.number).toBe(0);
    expect(gone?.draft).toBeUndefined();
  });

  it("are published by one of two who press at once", async () => {
    const skills = await reviewer();
    const { skill } = await skills.saveSkillDraft({
      name: "sources",
      title: "Sources",
      body: "- Once.",
      version: 0,
    });
    const press = () =>
      skills.publishSkill({ name: "sources", version: skill?.version ?? 0, note: "Twice." });
    const outcomes = await Promise.allSettled([press(), press()]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await skills.getSkill({ name: "sources" })).skill?.number).toBe(1);
  });

  it("aren't published without a draft, nor when the draft says the same", async () => {
    const skills = await reviewer();
    const [blog] = skillsNamed(["blog-post"]);
    const same = { name: "blog-post", title: blog?.title ?? "", body: `${blog?.body}\n\n`, version: 0 };
    const { skill } = await skills.saveSkillDraft(same);
    const publish = (version: number) =>
      skills.publishSkill({ name: "blog-post", version, note: "Why not." });
    expect((await refusal(publish(skill?.version ?? 0))).rawMessage).toContain("says what version 0 says");
    const gone = await skills.discardSkillDraft({ name: "blog-post", version: skill?.version ?? 0 });
    expect((await refusal(publish(gone.skill?.version ?? 0))).rawMessage).toContain("There is no draft");
    expect((await refusal(skills.saveSkillDraft({ ...same, body: " \n " }))).code).toBe(Code.InvalidArgument);
    expect((await refusal(skills.getSkill({ name: "juggling" }))).code).toBe(Code.NotFound);
  });

  it("are nothing a client may read or write", async () => {
    const client = await t.client(SkillsService, t.ctx.tenant().principal);
    expect((await refusal(client.getSkill({ name: "tone" }))).code).toBe(Code.PermissionDenied);
  });

  it("stand in the record of the run whose prompt had them, for those who may see the run", async () => {
    const runId = newId();
    await t.db.withTenant(systemCtx("test", { tenantId: t.tenantA }), async (tx) => {
      await insertRun(tx, {
        id: runId,
        tenantId: t.tenantA as Id,
        role: "blog-writer",
        workGroup: "llm",
        lane: "batch",
        activityId: newId(),
        stepId: null,
        planId: null,
        workKey: toRef(runId),
        title: "Rye",
        wakeReason: "new_task",
        input: {
          contentType: "blog_post",
          title: "Rye",
          theme: "",
          research: "",
          brief: "",
          feedback: "",
          goals: [],
        },
        traceparent: undefined,
        createdBy: "system:test",
      });
      const run = { id: runId, tenant_id: t.tenantA, attempt: 1 };
      const told = await t.db.global((tx) => publishedSkills(tx, ["tone", "seo"]));
      await recordUse(tx, run, told);
      await recordUse(tx, run, told);
    });
    const runRef = toRef(runId);
    const own = await t.client(SkillsService, t.ctx.reviewer([t.tenantA]).principal, t.tenantA);
    expect((await own.listRunSkills({ runRef })).skills).toMatchObject([
      { name: "seo", attempt: 1, number: 0 },
      { name: "tone", attempt: 1, number: 1 },
    ]);
    const other = await t.client(SkillsService, t.ctx.reviewer([t.tenantB]).principal, t.tenantB);
    expect((await refusal(other.listRunSkills({ runRef }))).code).toBe(Code.NotFound);
  });

  it("have no prompt to show for an activity the role hasn't worked on", async () => {
    const own = await t.client(SkillsService, t.ctx.reviewer([t.tenantA]).principal, t.tenantA);
    const none = await refusal(own.previewPrompt({ role: "blog-writer", activityRef: toRef(newId()) }));
    expect(none.code).toBe(Code.FailedPrecondition);
    expect(none.rawMessage).toContain("hasn't worked on this activity");
    const unknown = await refusal(own.previewPrompt({ role: "juggler", activityRef: toRef(newId()) }));
    expect(unknown.code).toBe(Code.InvalidArgument);
  });
});
