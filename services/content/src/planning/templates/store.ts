import type { Tx } from "@leadmetrics/kit";
import type { Selectable } from "kysely";
import { z } from "zod";
import type { ContentDb, ContentTypeName } from "../../db.ts";
import { templates } from "./index.ts";
import { type ActivityTemplate, creditsOf } from "./template.ts";

export type TemplateRow = Selectable<ContentDb["activity_template"]>;

/** A kind's steps and which version they are. */
export interface NumberedTemplate extends ActivityTemplate {
  readonly number: number;
}

const stored = z.array(
  z.object({
    kind: z.enum(["research", "brief", "write", "dm_review", "client_review", "publish"]),
    agentRole: z.string(),
    credits: z.number().int(),
    skip: z.enum(["never", "theme_says_enough"]),
  }),
);

export const stepsIn = (row: Pick<TemplateRow, "steps">) => stored.parse(row.steps);

/** What new items of each kind begin with. */
export async function templatesNow(
  tx: Tx<ContentDb>,
): Promise<Readonly<Record<ContentTypeName, NumberedTemplate>>> {
  const rows = await tx
    .selectFrom("activity_template")
    .selectAll()
    .distinctOn("content_type")
    .orderBy("content_type")
    .orderBy("number", "desc")
    .execute();
  const now = (type: ContentTypeName): NumberedTemplate => {
    const row = rows.find(({ content_type }) => content_type === type);
    return row
      ? { ...templates[type], number: row.number, steps: stepsIn(row) }
      : { ...templates[type], number: 0 };
  };
  return { blog_post: now("blog_post"), social_post: now("social_post") };
}

/** What one item of each kind costs now, in credits. */
export async function creditsNow(tx: Tx<ContentDb>): Promise<(type: ContentTypeName) => number> {
  const now = await templatesNow(tx);
  return (type) => creditsOf(now[type]);
}
