import { type Database, errors, fromRef, type ServedService, service, tenantCtx } from "@leadmetrics/kit";
import { PublicationsService } from "@leadmetrics/proto/content/v1/channels";
import type { ContentDb } from "../db.ts";
import { lockActivity } from "../production/transition.ts";
import { confirm, followPublications, writeFenced } from "./store.ts";

export function publicationsService(db: Database<ContentDb>): ServedService {
  return service(PublicationsService, {
    async settlePublication(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.publicationRef, "publication");
      if (request.published && !URL.canParse(request.url))
        throw errors.invalid("url: say where the post is.", [
          { field: "url", description: "is needed when it was published" },
        ]);
      await db.withTenant(ctx, async (tx) => {
        const row = await tx
          .updateTable("publication")
          .set((eb) => ({ fence: eb("fence", "+", 1) }))
          .where("id", "=", id)
          .where("status", "=", "unconfirmed")
          .returningAll()
          .executeTakeFirst();
        if (!row) {
          const known = await tx
            .selectFrom("publication")
            .select("status")
            .where("id", "=", id)
            .executeTakeFirst();
          throw known
            ? errors.conflict("publication_settled", `This publication is ${known.status}.`, {
                status: known.status,
              })
            : errors.notFound("publication");
        }
        if (request.published)
          return confirm(tx, ctx, {
            ...row,
            url: (await writeFenced(tx, row, { status: "accepted", url: request.url }))?.url ?? request.url,
          });
        await writeFenced(tx, row, {
          status: "prepared",
          lookups: 0,
          attempts: 0,
          lease_until: null,
          next_try: new Date(),
          problem: "",
        });
        await followPublications(tx, ctx, await lockActivity(tx, row.activity_id));
      });
      return {};
    },
  });
}
