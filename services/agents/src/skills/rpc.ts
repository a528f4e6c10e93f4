import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Ctx,
  type Database,
  errors,
  fromRef,
  type RpcClients,
  requestCtx,
  type ServedService,
  service,
  type Tx,
  tenantCtx,
} from "@leadmetrics/kit";
import { SkillsService } from "@leadmetrics/proto/agents/v1/skills";
import { RunFailure } from "../adapters/failure.ts";
import type { AgentsDb, RunRow } from "../db.ts";
import { ROLES, roleNamed } from "../roles/index.ts";
import type { Role } from "../roles/role.ts";
import { refOf } from "../runs/store.ts";
import type { MaterialSource } from "../work/material.ts";
import { peopleFrom } from "./names.ts";
import { previewed } from "./preview.ts";
import { historyOf, keepDraft, publish, publishedSkills, withDrafts } from "./store.ts";

export const rolesWith = (skill: string): string[] =>
  ROLES.filter((role) => role.skills.includes(skill)).map((role) => role.name);

/** Skills as people write them, and the prompts they end up in. */
export function skillsService(
  db: Database<AgentsDb>,
  material: MaterialSource,
  rpc: RpcClients,
): ServedService {
  const people = peopleFrom(rpc);

  async function record(ctx: Ctx, name: string) {
    const { skill, row, versions } = await db.global((tx) => historyOf(tx, name));
    const nameOf = await people(ctx, [row?.draft_by ?? null, ...versions.map((each) => each.published_by)]);
    const drafted = row && row.draft_title !== null && row.draft_body !== null;
    return {
      name,
      number: row?.number ?? 0,
      version: row?.version ?? 0,
      roles: rolesWith(name),
      draft: drafted
        ? {
            title: row.draft_title ?? "",
            body: row.draft_body ?? "",
            savedBy: row.draft_by ?? "",
            savedByName: nameOf(row.draft_by),
            savedOn: row.draft_on ? timestampFromDate(row.draft_on) : undefined,
          }
        : undefined,
      versions: [
        ...versions.map((each) => ({
          number: each.number,
          title: each.title,
          body: each.body,
          note: each.note,
          publishedBy: each.published_by,
          publishedByName: nameOf(each.published_by),
          publishedOn: timestampFromDate(each.published_on),
        })),
        { number: 0, title: skill.title, body: skill.body },
      ],
    };
  }
  const changed = async (ctx: Ctx, name: string, change: (tx: Tx<AgentsDb>) => Promise<void>) => {
    await db.global(change);
    return { skill: await record(ctx, name) };
  };

  return service(SkillsService, {
    getSkill: async ({ name }, hc) => ({ skill: await record(requestCtx(hc), name) }),

    async saveSkillDraft({ name, title, body, version }, hc) {
      const ctx = requestCtx(hc);
      const text = { title: title.replace(/\s+/g, " ").trim(), body: body.trim() };
      const empty = Object.entries(text).filter(([, words]) => words === "");
      if (empty.length > 0)
        throw errors.invalid(
          "A skill needs a title and a text.",
          empty.map(([field]) => ({ field, description: "is empty" })),
        );
      return changed(ctx, name, (tx) => keepDraft(tx, ctx, name, version, text));
    },

    discardSkillDraft({ name, version }, hc) {
      const ctx = requestCtx(hc);
      return changed(ctx, name, (tx) => keepDraft(tx, ctx, name, version, undefined));
    },

    publishSkill({ name, version, note }, hc) {
      const ctx = requestCtx(hc);
      return changed(ctx, name, (tx) => publish(tx, ctx, name, version, note.trim()));
    },

    async previewPrompt(request, hc) {
      const ctx = tenantCtx(hc);
      const role = knownRole(request.role);
      const activityId = fromRef(request.activityRef, "activity");
      const run = await db.withTenant(ctx, (tx) => lastRun(tx, role, activityId), { readOnly: true });
      if (!run)
        throw errors.conflict(
          "no_run",
          `${role.title} hasn't worked on this activity: there is no task a prompt could be made for. Choose one it has worked on.`,
        );
      const published = await db.global((tx) => publishedSkills(tx, role.skills));
      const drafted = await withDrafts(db, published);
      try {
        const made = previewed(role, await material(ctx, run, role), published, drafted);
        return {
          runRef: refOf(run.id),
          skills: published.map(({ name, number }) => ({ name, number, attempt: 0 })),
          ...made,
        };
      } catch (error) {
        if (error instanceof RunFailure) throw errors.unavailable(error.message, error);
        throw error;
      }
    },

    async listRunSkills(request, hc) {
      const id = fromRef(request.runRef, "run");
      const skills = await db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          const run = await tx.selectFrom("agent_run").select("id").where("id", "=", id).executeTakeFirst();
          if (!run) throw errors.notFound("run");
          return tx
            .selectFrom("run_skill")
            .select(["name", "number", "attempt"])
            .where("run_id", "=", id)
            .orderBy("attempt")
            .orderBy("name")
            .execute();
        },
        { readOnly: true },
      );
      return { skills };
    },
  });
}

function knownRole(name: string): Role {
  const role = roleNamed(name);
  if (role) return role;
  throw errors.invalid(`There is no role "${name}".`, [
    { field: "role", description: `one of ${ROLES.map((each) => each.name).join(", ")}` },
  ]);
}

function lastRun(tx: Tx<AgentsDb>, role: Role, activityId: string): Promise<RunRow | undefined> {
  return tx
    .selectFrom("agent_run")
    .selectAll()
    .where("activity_id", "=", activityId)
    .where("role", "=", role.name)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}
