import { type Ctx, type Database, emit, errors, type Tx } from "@leadmetrics/kit";
import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { Selectable } from "kysely";
import type { AgentsDb, RunRow } from "../db.ts";
import { SKILLS, type Skill, skillNamed, skillsNamed } from "./index.ts";

export type SkillRow = Selectable<AgentsDb["skill"]>;
export type SkillVersionRow = Selectable<AgentsDb["skill_version"]>;

/** A skill as it is told: its text and which version that is. */
export interface ToldSkill extends Skill {
  readonly number: number;
}

/** The named skills as they are published now, in the given order. */
export async function publishedSkills(tx: Tx<AgentsDb>, names: readonly string[]): Promise<ToldSkill[]> {
  if (names.length === 0) return [];
  const versions = await publishedVersions(tx, names);
  return skillsNamed(names).map((skill) => {
    const own = versions.find((each) => each.name === skill.name);
    return own
      ? { name: own.name, title: own.title, body: own.body, number: own.number }
      : { ...skill, number: 0 };
  });
}

function publishedVersions(tx: Tx<AgentsDb>, names: readonly string[]): Promise<SkillVersionRow[]> {
  return tx
    .selectFrom("skill_version")
    .innerJoin("skill", (join) =>
      join.onRef("skill.name", "=", "skill_version.name").onRef("skill.number", "=", "skill_version.number"),
    )
    .where("skill.name", "in", names)
    .selectAll("skill_version")
    .execute();
}

/** Skills with what is written on their next versions, in the place of what is published. */
export async function withDrafts(db: Database<AgentsDb>, skills: readonly ToldSkill[]): Promise<ToldSkill[]> {
  const rows = await db.global((tx) =>
    tx.selectFrom("skill").selectAll().where("draft_body", "is not", null).execute(),
  );
  return skills.map((skill) => {
    const row = rows.find(({ name }) => name === skill.name);
    return { ...skill, title: row?.draft_title ?? skill.title, body: row?.draft_body ?? skill.body };
  });
}

/** All skills as they are told now, and which of them somebody is writing on. */
export function allSkills(db: Database<AgentsDb>): Promise<(ToldSkill & { hasDraft: boolean })[]> {
  return db.global(async (tx) => {
    const [skills, drafts] = await Promise.all([
      publishedSkills(
        tx,
        SKILLS.map(({ name }) => name),
      ),
      tx.selectFrom("skill").select("name").where("draft_body", "is not", null).execute(),
    ]);
    return skills.map((skill) => ({ ...skill, hasDraft: drafts.some(({ name }) => name === skill.name) }));
  });
}

export interface SkillHistory {
  readonly skill: Skill;
  /** Undefined as long as nobody has changed it. */
  readonly row: SkillRow | undefined;
  /** Newest first, without version 0. */
  readonly versions: readonly SkillVersionRow[];
}

export async function historyOf(tx: Tx<AgentsDb>, name: string): Promise<SkillHistory> {
  const skill = known(name);
  const row = await tx.selectFrom("skill").selectAll().where("name", "=", name).executeTakeFirst();
  const versions = await tx
    .selectFrom("skill_version")
    .selectAll()
    .where("name", "=", name)
    .orderBy("number", "desc")
    .execute();
  return { skill, row, versions };
}

/**
 * Keeps or, without a text, forgets the draft of a skill.
 *
 * @param seen the version of the record that was read; 0 when nobody had changed it
 * @throws AppError conflict when somebody else has gone on meanwhile
 */
export async function keepDraft(
  tx: Tx<AgentsDb>,
  ctx: Ctx,
  name: string,
  seen: number,
  text: { title: string; body: string } | undefined,
): Promise<void> {
  known(name);
  const draft = {
    draft_title: text?.title ?? null,
    draft_body: text?.body ?? null,
    draft_by: text ? ctx.actor.id : null,
    draft_on: text ? new Date() : null,
  };
  if (seen === 0) {
    const made = await tx
      .insertInto("skill")
      .values({ name, ...draft })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .returning("name")
      .executeTakeFirst();
    if (!made) throw await movedOn(tx, name);
    return;
  }
  const changed = await tx
    .updateTable("skill")
    .set((eb) => ({ ...draft, version: eb("version", "+", 1) }))
    .where("name", "=", name)
    .where("version", "=", seen)
    .returning("name")
    .executeTakeFirst();
  if (!changed) throw await movedOn(tx, name);
}

/**
 * Makes the draft the version that is told from now on.
 *
 * @throws AppError conflict when somebody else has gone on meanwhile, when there is no draft, or when it says the same
 */
export async function publish(
  tx: Tx<AgentsDb>,
  ctx: Ctx,
  name: string,
  seen: number,
  note: string,
): Promise<void> {
  const { skill, row, versions } = await historyOf(tx, name);
  if (!row || row.version !== seen) throw await movedOn(tx, name);
  const { draft_title, draft_body, number: before } = row;
  if (draft_title === null || draft_body === null)
    throw errors.conflict("no_draft", `There is no draft of "${skill.title}". Write one first.`, {
      version: String(row.version),
    });
  const now = versions[0] ?? skill;
  if (now.title === draft_title && now.body === draft_body)
    throw errors.conflict(
      "nothing_changed",
      `The draft says what version ${before} says. Change it, or discard it.`,
      { version: String(row.version) },
    );
  const number = before + 1;
  const moved = await tx
    .updateTable("skill")
    .set((eb) => ({
      number,
      draft_title: null,
      draft_body: null,
      draft_by: null,
      draft_on: null,
      version: eb("version", "+", 1),
    }))
    .where("name", "=", name)
    .where("version", "=", seen)
    .returning("name")
    .executeTakeFirst();
  if (!moved) throw await movedOn(tx, name);
  await tx
    .insertInto("skill_version")
    .values({ name, number, title: draft_title, body: draft_body, note, published_by: ctx.actor.id })
    .execute();
  await emit(
    tx,
    ctx,
    AuditRecordedSchema,
    {
      action: "agents.skill.published",
      entityKind: "skill",
      entityRef: name,
      summary: `Version ${number} of the skill "${draft_title}" is told to agents`,
      reason: note,
    },
    { aggregate: `skill:${name}` },
  );
}

/** Writes down which versions the prompt of an attempt had; a repeated write changes nothing. */
export async function recordUse(
  tx: Tx<AgentsDb>,
  run: Pick<RunRow, "id" | "tenant_id" | "attempt">,
  skills: readonly ToldSkill[],
): Promise<void> {
  if (skills.length === 0) return;
  await tx
    .insertInto("run_skill")
    .values(
      skills.map(({ name, number }) => ({
        tenant_id: run.tenant_id,
        run_id: run.id,
        attempt: run.attempt,
        name,
        number,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function known(name: string): Skill {
  const skill = skillNamed(name);
  if (!skill) throw errors.notFound("skill");
  return skill;
}

async function movedOn(tx: Tx<AgentsDb>, name: string) {
  const row = await tx.selectFrom("skill").select("version").where("name", "=", name).executeTakeFirst();
  return errors.conflict(
    "skill_changed",
    "Somebody else has changed this skill meanwhile. Load it again; what you wrote stays with you until then.",
    { version: String(row?.version ?? 0) },
  );
}
