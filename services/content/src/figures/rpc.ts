import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Database, requestCtx, type ServedService, service } from "@leadmetrics/kit";
import { TroubleKind, WorkFiguresService } from "@leadmetrics/proto/content/v1/figures";
import { sql } from "kysely";
import type { ContentDb } from "../db.ts";
import { refOf } from "../views.ts";

/** Days counted when nobody says how many. */
const DEFAULT_DAYS = 14;
/** Rows of each kind of trouble: more than a person looks at, and the overview says when there are so many. */
const TROUBLES_SHOWN = 200;

interface Day {
  day: string;
  drafts: string;
  publications: string;
}

/** How production goes over all tenants. */
export function workFiguresService(db: Database<ContentDb>): ServedService {
  return service(WorkFiguresService, {
    async listWorkFigures({ days }, hc) {
      const back = (days || DEFAULT_DAYS) - 1;
      const since = sql`(date_trunc('day', now() at time zone 'UTC') - make_interval(days => ${back})) at time zone 'UTC'`;
      const { rows } = await db.withPlatform(requestCtx(hc), "figures of production of all tenants", (tx) =>
        sql<Day>`
          select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day,
            count(*) filter (where what = 'draft') as drafts,
            count(*) filter (where what = 'publication') as publications
          from (
            select created_on as at, 'draft' as what from revision where created_on >= ${since}
            union all
            select confirmed_on, 'publication' from publication
              where status = 'confirmed' and confirmed_on >= ${since}
          ) as done
          group by 1
          order by 1`.execute(tx),
      );
      return {
        figures: rows.map((row) => ({
          day: row.day,
          drafts: BigInt(row.drafts),
          publications: BigInt(row.publications),
        })),
      };
    },

    async listTroubles(_request, hc) {
      const { activities, channels } = await db.withPlatform(
        requestCtx(hc),
        "what is stuck in all tenants",
        async (tx) => ({
          activities: await tx
            .selectFrom("activity")
            .select([
              "id",
              "tenant_id",
              "title",
              "status",
              "problem",
              "problem_detail",
              "owed_since",
              "version",
            ])
            .where((eb) =>
              eb.or([
                eb("owed_by", "=", "nobody"),
                eb("status", "in", ["failed", "publish_failed", "unconfirmed"]),
              ]),
            )
            .orderBy("owed_since")
            .limit(TROUBLES_SHOWN)
            .execute(),
          channels: await tx
            .selectFrom("channel")
            .select(["id", "tenant_id", "name", "status", "problem", "updated_on", "version"])
            .where("status", "in", ["expired", "unreachable"])
            .orderBy("updated_on")
            .limit(TROUBLES_SHOWN)
            .execute(),
        }),
      );
      return {
        troubles: [
          ...activities.map((row) => ({
            kind: TroubleKind.ACTIVITY,
            tenantRef: refOf(row.tenant_id),
            ref: refOf(row.id),
            title: row.title,
            state: row.status,
            problem: row.problem_detail || row.problem,
            since: timestampFromDate(row.owed_since),
            version: row.version,
          })),
          ...channels.map((row) => ({
            kind: TroubleKind.CHANNEL,
            tenantRef: refOf(row.tenant_id),
            ref: refOf(row.id),
            title: row.name,
            state: row.status,
            problem: row.problem,
            since: timestampFromDate(row.updated_on),
            version: row.version,
          })),
        ],
      };
    },
  });
}
