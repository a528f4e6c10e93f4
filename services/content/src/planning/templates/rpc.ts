import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  asCaller,
  type Ctx,
  type Database,
  emit,
  errors,
  type RpcClients,
  requestCtx,
  type ServedService,
  service,
  type Tx,
} from "@leadmetrics/kit";
import { RolesService } from "@leadmetrics/proto/agents/v1/roles";
import {
  ActivityTemplatesService,
  SkipRule,
  type TemplateStepInput,
} from "@leadmetrics/proto/content/v1/activity_templates";
import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { ContentDb, ContentTypeName } from "../../db.ts";
import type { NamesOf } from "../../desk/names.ts";
import { CONTENT_TYPES, nameOf, STEP_KINDS } from "../../views.ts";
import { templates } from "./index.ts";
import { type StepRole, stepProblems, THEME_SAYS_ENOUGH, type WantedStep } from "./rules.ts";
import { stepsIn, type TemplateRow } from "./store.ts";
import type { SkipRuleName, TemplateStep } from "./template.ts";

/** The agents there are, asked for as whoever edits a template. */
export type RolesOf = (ctx: Ctx) => Promise<readonly StepRole[]>;

export function rolesFrom(rpc: RpcClients): RolesOf {
  const roles = rpc.client(RolesService, "agents");
  return async (ctx) => (await roles.listRoles({}, asCaller(ctx))).roles;
}

const SKIPS: Readonly<Record<SkipRuleName, SkipRule>> = {
  never: SkipRule.NEVER,
  theme_says_enough: SkipRule.THEME_SAYS_ENOUGH,
};

/** The steps of each kind of content, as people publish them. */
export function activityTemplatesService(
  db: Database<ContentDb>,
  namesOf: NamesOf,
  rolesOf: RolesOf,
): ServedService {
  const records = async (ctx: Ctx) => {
    const rows = await db.global((tx) =>
      tx.selectFrom("activity_template").selectAll().orderBy("number", "desc").execute(),
    );
    const names = await namesOf(
      ctx,
      rows.map((row) => row.published_by),
    );
    return Object.values(templates).map((template) => {
      const own = rows.filter((row) => row.content_type === template.contentType);
      return {
        contentType: CONTENT_TYPES[template.contentType],
        name: template.name,
        number: own[0]?.number ?? 0,
        versions: [
          ...own.map((row) => ({
            number: row.number,
            steps: stepsIn(row).map(stepView),
            note: row.note,
            publishedBy: row.published_by,
            publishedByName: names.get(row.published_by) ?? "",
            publishedOn: timestampFromDate(row.published_on),
          })),
          { number: 0, steps: template.steps.map(stepView) },
        ],
      };
    });
  };

  return service(ActivityTemplatesService, {
    listTemplateRecords: async (_request, hc) => ({
      templates: await records(requestCtx(hc)),
      themeCharacters: THEME_SAYS_ENOUGH,
    }),

    async publishTemplate(request, hc) {
      const ctx = requestCtx(hc);
      const type = nameOf(CONTENT_TYPES, request.contentType);
      if (!type) throw errors.notFound("template");
      const roles = await rolesOf(ctx);
      const wanted = request.steps.map(wantedStep);
      const problems = stepProblems(wanted, roles);
      if (problems[0]) throw errors.invalid(`These steps can't be: ${problems[0].description}.`, problems);
      const steps = wanted.map((step) => ({
        ...step,
        credits: roles.find(({ name }) => name === step.agentRole)?.credits ?? 0,
      }));
      await db.global((tx) => publish(tx, ctx, type, request.baseNumber, steps, request.note.trim()));
      const template = (await records(ctx)).find(({ contentType }) => contentType === request.contentType);
      return { template };
    },
  });
}

async function publish(
  tx: Tx<ContentDb>,
  ctx: Ctx,
  type: ContentTypeName,
  base: number,
  steps: readonly TemplateStep[],
  note: string,
): Promise<void> {
  const last = await tx
    .selectFrom("activity_template")
    .selectAll()
    .where("content_type", "=", type)
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
  const now = last?.number ?? 0;
  const before = last ? stepsIn(last) : templates[type].steps;
  if (now === base && JSON.stringify(before.map(comparable)) === JSON.stringify(steps.map(comparable)))
    throw errors.conflict(
      "nothing_changed",
      `These are the steps of version ${now}. Change something first.`,
    );
  const made =
    now === base
      ? await tx
          .insertInto("activity_template")
          .values({
            content_type: type,
            number: base + 1,
            steps: JSON.stringify(steps),
            note,
            published_by: ctx.actor.id,
          })
          .onConflict((conflict) => conflict.columns(["content_type", "number"]).doNothing())
          .returningAll()
          .executeTakeFirst()
      : undefined;
  if (!made)
    throw errors.conflict(
      "template_changed",
      "Somebody else has published other steps meanwhile. Load them and change those.",
      { number: String(Math.max(now, base + 1)) },
    );
  await recordPublished(tx, ctx, made);
}

const comparable = ({ kind, agentRole, skip }: WantedStep) => [kind, agentRole, skip];

function recordPublished(tx: Tx<ContentDb>, ctx: Ctx, row: TemplateRow) {
  return emit(
    tx,
    ctx,
    AuditRecordedSchema,
    {
      action: "content.template.published",
      entityKind: "activity_template",
      entityRef: row.content_type,
      summary: `New ${templates[row.content_type].name.toLowerCase()}s go through version ${row.number} of their steps`,
      reason: row.note,
    },
    { aggregate: `activity_template:${row.content_type}` },
  );
}

function wantedStep({ kind, agentRole, skip }: TemplateStepInput, index: number): WantedStep {
  const name = nameOf(STEP_KINDS, kind);
  if (!name)
    throw errors.invalid("These steps can't be: a plan is made before there are any.", [
      { field: `steps[${index}].kind`, description: "is no step of an activity" },
    ]);
  return { kind: name, agentRole, skip: nameOf(SKIPS, skip) ?? "never" };
}

const stepView = (step: TemplateStep) => ({
  kind: STEP_KINDS[step.kind],
  agentRole: step.agentRole,
  skip: SKIPS[step.skip],
  credits: step.credits,
});
