import {
  type Ctx,
  type Database,
  errors,
  type Id,
  keyset,
  pageOf,
  pageResult,
  requestCtx,
  type ServedService,
  service,
  type Tx,
  tryFromRef,
  userIdOf,
} from "@leadmetrics/kit";
import { FeedService, PreferencesService } from "@leadmetrics/proto/notifications/v1/feed";
import type { NotificationsDb } from "../db.ts";
import { templates } from "../templates/index.ts";
import { notificationView } from "./view.ts";

/** Everybody sees and changes their own: the user of the token is part of every query. */
export function feedServices(db: Database<NotificationsDb>): ServedService[] {
  return [
    service(FeedService, {
      async listNotifications(request, hc) {
        const userId = me(requestCtx(hc));
        const page = pageOf(request.page);
        return db.global(async (tx) => {
          const own = tx.selectFrom("notification").selectAll().where("user_id", "=", userId);
          const rows = await keyset(
            request.unreadOnly ? own.where("read_on", "is", null) : own,
            page,
          ).execute();
          const result = pageResult(rows, page);
          return {
            notifications: result.rows.map((row) => notificationView(row).view),
            page: result.page,
            unread: await unreadOf(tx, userId),
          };
        });
      },

      async markNotificationsRead(request, hc) {
        const userId = me(requestCtx(hc));
        return db.global(async (tx) => {
          const ids = request.notificationRefs.flatMap((ref) => tryFromRef(ref) ?? []);
          const own = tx
            .updateTable("notification")
            .set({ read_on: new Date() })
            .where("user_id", "=", userId)
            .where("read_on", "is", null);
          if (request.notificationRefs.length === 0) await own.execute();
          else if (ids.length > 0) await own.where("id", "in", ids).execute();
          return { unread: await unreadOf(tx, userId) };
        });
      },
    }),
    service(PreferencesService, {
      async getPreferences(_request, hc) {
        const userId = me(requestCtx(hc));
        const rows = await db.global((tx) =>
          tx.selectFrom("preference").selectAll().where("user_id", "=", userId).execute(),
        );
        const chosen = new Map(rows.map((row) => [row.kind, row]));
        return {
          preferences: templates
            .filter((template) => !template.always)
            .map(({ kind, description, byDefault }) => {
              const row = chosen.get(kind);
              return {
                kind,
                description,
                inApp: row?.in_app ?? byDefault.inApp,
                email: row?.email ?? byDefault.email,
              };
            }),
        };
      },

      async setPreference({ preference }, hc) {
        const userId = me(requestCtx(hc));
        const template = templates.find(({ kind, always }) => kind === preference?.kind && !always);
        if (!preference || !template)
          throw errors.invalid("kind: there is no such kind of notification, or it can't be switched off.", [
            { field: "kind", description: "is not one of the list" },
          ]);
        const values = { in_app: preference.inApp, email: preference.email };
        await db.global((tx) =>
          tx
            .insertInto("preference")
            .values({ user_id: userId, kind: template.kind, ...values })
            .onConflict((oc) => oc.columns(["user_id", "kind"]).doUpdateSet(values))
            .execute(),
        );
        return { preference: { ...preference, description: template.description } };
      },
    }),
  ];
}

function me(ctx: Ctx): Id {
  const id = userIdOf(ctx);
  if (!id) throw errors.unauthenticated();
  return id;
}

async function unreadOf(tx: Tx<NotificationsDb>, userId: Id): Promise<number> {
  const { unread } = await tx
    .selectFrom("notification")
    .select((eb) => eb.fn.countAll<number>().as("unread"))
    .where("user_id", "=", userId)
    .where("read_on", "is", null)
    .executeTakeFirstOrThrow();
  return Number(unread);
}
