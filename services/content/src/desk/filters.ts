import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type Ctx,
  type Database,
  errors,
  requestCtx,
  type ServedService,
  service,
  type Tx,
} from "@leadmetrics/kit";
import {
  FilterPlace,
  type SavedFilter,
  type SavedFilterSchema,
  SavedFiltersService,
} from "@leadmetrics/proto/content/v1/saved_filters";
import type { Selectable } from "kysely";
import { z } from "zod";
import type { ContentDb } from "../db.ts";
import { CONTENT_TYPES, nameOf } from "../views.ts";
import { DESK } from "./tunables.ts";

const PLACES = { queue: FilterPlace.QUEUE, board: FilterPlace.BOARD } as const;

const choices = z.object({
  tenantRef: z.string(),
  contentType: z.enum(["blog_post", "social_post"]).nullable(),
  title: z.string(),
  status: z.string(),
  escalated: z.boolean(),
  overdue: z.boolean(),
});

/** What somebody narrows their lists to; nobody else's filter is ever read or written. */
export function savedFiltersService(db: Database<ContentDb>): ServedService {
  return service(SavedFiltersService, {
    async listSavedFilters(_request, hc) {
      const rows = await db.global((tx) => own(tx, requestCtx(hc)).orderBy("name").execute());
      return { filters: rows.map(view) };
    },

    async saveFilter({ filter }, hc) {
      const ctx = requestCtx(hc);
      const wanted = read(filter);
      const { place, name } = wanted;
      return db.global(async (tx) => {
        const others = await own(tx, ctx).where("place", "=", place).where("name", "<>", name).execute();
        if (others.length >= DESK.savedFilters)
          throw errors.exhausted(
            "too_many_filters",
            `There are ${DESK.savedFilters} saved filters of this list already. Forget one first.`,
          );
        if (wanted.is_default)
          await tx
            .updateTable("saved_filter")
            .set({ is_default: false })
            .where("user_ref", "=", ctx.actor.id)
            .where("place", "=", place)
            .execute();
        const row = await tx
          .insertInto("saved_filter")
          .values({ user_ref: ctx.actor.id, ...wanted })
          .onConflict((conflict) =>
            conflict
              .columns(["user_ref", "place", "name"])
              .doUpdateSet({ choices: wanted.choices, is_default: wanted.is_default, saved_on: new Date() }),
          )
          .returningAll()
          .executeTakeFirstOrThrow();
        return { filter: view(row) };
      });
    },

    async forgetFilter({ place, name }, hc) {
      const ctx = requestCtx(hc);
      await db.global((tx) =>
        tx
          .deleteFrom("saved_filter")
          .where("user_ref", "=", ctx.actor.id)
          .where("place", "=", placeName(place))
          .where("name", "=", name)
          .execute(),
      );
      return {};
    },
  });
}

const own = (tx: Tx<ContentDb>, ctx: Ctx) =>
  tx.selectFrom("saved_filter").selectAll().where("user_ref", "=", ctx.actor.id);

function placeName(place: FilterPlace) {
  const name = nameOf(PLACES, place);
  if (name) return name;
  throw errors.invalid("There is no such list.", [{ field: "place", description: "queue or board" }]);
}

function read(filter: SavedFilter | undefined) {
  const name = filter?.name.trim() ?? "";
  if (!filter || name === "")
    throw errors.invalid("A saved filter needs a name.", [{ field: "filter.name", description: "is empty" }]);
  const { tenantRef, title, status, escalated, overdue } = filter;
  return {
    place: placeName(filter.place),
    name,
    is_default: filter.isDefault,
    choices: JSON.stringify({
      tenantRef,
      contentType: nameOf(CONTENT_TYPES, filter.contentType) ?? null,
      title: title.trim(),
      status,
      escalated,
      overdue,
    } satisfies z.output<typeof choices>),
  };
}

function view(row: Selectable<ContentDb["saved_filter"]>): MessageInitShape<typeof SavedFilterSchema> {
  const { contentType, ...rest } = choices.parse(row.choices);
  return {
    place: PLACES[row.place],
    name: row.name,
    isDefault: row.is_default,
    ...rest,
    contentType: contentType ? CONTENT_TYPES[contentType] : undefined,
  };
}
