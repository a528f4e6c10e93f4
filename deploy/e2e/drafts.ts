import { createHash } from "node:crypto";
import { type Id, newId, toRef, tryFromRef } from "@leadmetrics/kit";
import pg from "pg";

/** A draft that waits for review, as an agent would have left it. */
export interface PlantedDraft {
  readonly title: string;
  readonly body: string;
  readonly brief?: string;
  readonly comment?: string;
  readonly social?: boolean;
  readonly escalated?: boolean;
  /** Its reviewer has let it through: it waits for the client. */
  readonly reviewed?: boolean;
  /** Minutes from now until it is promised; negative when that is over. */
  readonly promisedInMinutes?: number;
}

/**
 * Writes drafts into the content database the way its service would have, for suites that need more of them than agents
 * write in the time. Everything after that goes the real way.
 *
 * @param databaseUrl of the content database, as its application role
 * @returns the references of the activities, in the order of the drafts
 */
export async function plantDrafts(
  databaseUrl: string,
  tenantRef: string,
  drafts: readonly PlantedDraft[],
): Promise<string[]> {
  const tenant = tryFromRef(tenantRef);
  if (!tenant) throw new Error(`${tenantRef} is no reference`);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("begin");
    await client.query("select set_config('app.tenant_ids', $1, true)", [`{${tenant}}`]);
    const [plan, deliverable, period] = [newId(), newId(), newId()];
    await client.query(
      `insert into deliverable_plan (id, tenant_id, title, starts, ends, status, created_by)
       values ($1, $2, 'Planted', '2026-01-01', '2030-12-31', 'approved', 'system:planted')`,
      [plan, tenant],
    );
    await client.query(
      `insert into deliverable (id, tenant_id, plan_id, position, content_type, quantity)
       values ($1, $2, $3, 0, 'blog_post', 500)`,
      [deliverable, tenant, plan],
    );
    await client.query(
      `insert into deliverable_period (id, tenant_id, plan_id, deliverable_id, starts, ends, target_count)
       values ($1, $2, $3, $4, '2026-01-01', '2030-12-31', 500)`,
      [period, tenant, plan, deliverable],
    );
    const rows = drafts.map((draft) => ({
      id: newId(),
      revision: newId(),
      steps: [newId(), newId(), newId(), newId()],
      title: draft.title,
      body: draft.body,
      brief: draft.brief ?? "",
      type: draft.social ? "social_post" : "blog_post",
      escalated: draft.escalated ?? false,
      status: draft.reviewed ? "client_review" : "dm_review",
      owed: draft.reviewed ? "client" : "reviewer",
      promised: new Date(Date.now() + (draft.promisedInMinutes ?? 60) * 60_000),
      hash: createHash("sha256")
        .update(JSON.stringify([draft.title, draft.body]))
        .digest("hex"),
    }));
    const given = JSON.stringify(rows);
    const columns =
      "id uuid, revision uuid, steps jsonb, title text, body text, brief text, type text, escalated boolean, status text, owed text, promised timestamptz, hash text";
    await client.query(
      `insert into activity (id, tenant_id, plan_id, deliverable_id, period_id, content_type, title, status, owed_by,
         promised_on, current_step, revision_id, revision_number, content_hash, escalated, created_by)
       select id, $2, $3, $4, $5, type, title, status, owed, promised, status, revision, 1, hash,
         escalated, 'system:planted'
       from jsonb_to_recordset($1::jsonb) as given (${columns})`,
      [given, tenant, plan, deliverable, period],
    );
    const kinds = [
      ["brief", "content-brief-writer"],
      ["write", "blog-writer"],
      ["dm_review", ""],
    ];
    for (const [position, [kind, role]] of kinds.entries())
      await client.query(
        `insert into activity_step (id, tenant_id, activity_id, position, kind, agent_role, status, output)
         select (steps->>$3::int)::uuid, $2, id, $3, $4, $5, 'done', case when $4 = 'brief' then brief else '' end
         from jsonb_to_recordset($1::jsonb) as given (${columns})`,
        [given, tenant, position, kind, role],
      );
    await client.query(
      `insert into revision (id, tenant_id, activity_id, number, title, body, author, content_hash)
       select revision, $2, id, 1, title, body, 'agent:blog-writer', hash
       from jsonb_to_recordset($1::jsonb) as given (${columns})`,
      [given, tenant],
    );
    await client.query(
      `insert into approval (id, tenant_id, activity_id, step, decision, revision_id, content_hash, decided_by)
       select (steps->>3)::uuid, $2, id, 'dm_review', 'approved', revision, hash, 'user:planted'
       from jsonb_to_recordset($1::jsonb) as given (${columns}) where status = 'client_review'`,
      [given, tenant],
    );
    for (const [index, { comment }] of drafts.entries())
      if (comment)
        await client.query(
          "insert into comment (id, tenant_id, activity_id, author, text) values ($1, $2, $3, 'user:planted', $4)",
          [newId(), tenant, rows[index]?.id, comment],
        );
    await client.query("commit");
    return rows.map(({ id }) => toRef(id as Id));
  } finally {
    await client.end();
  }
}
