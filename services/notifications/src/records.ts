import { type Database, type HeldStore, type ServedService, tenantRecords } from "@leadmetrics/kit";
import type { NotificationsDb } from "./db.ts";

/** What is kept of people rather than of tenants, and which of their own columns says whose it is. */
const OF_PEOPLE = [
  { table: "notification", column: "user_id" },
  { table: "preference", column: "user_id" },
  { table: "delivery", column: "recipient" },
] as const;

/**
 * What a tenant has here: everything that was told about it (by the tables' own columns), and what was ever told to those who
 * belong to no other tenant.
 */
export function notificationRecords(db: Database<NotificationsDb>): ServedService {
  return tenantRecords({ db, stores: OF_PEOPLE.map((each) => ofPeople(db, each)) });
}

function ofPeople(db: Database<NotificationsDb>, { table, column }: (typeof OF_PEOPLE)[number]): HeldStore {
  return {
    name: `${table} of people`,
    async count(_ctx, people) {
      if (people.length === 0) return 0;
      const whose = people.map(({ userId, email }) => (column === "user_id" ? userId : email));
      const { there } = await db.global((tx) =>
        tx
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<number>().as("there"))
          .where(column, "in", whose)
          .executeTakeFirstOrThrow(),
      );
      return there;
    },
    async erase(_ctx, people) {
      if (people.length === 0) return 0;
      const whose = people.map(({ userId, email }) => (column === "user_id" ? userId : email));
      const { numDeletedRows } = await db.global((tx) =>
        tx.deleteFrom(table).where(column, "in", whose).executeTakeFirst(),
      );
      return Number(numDeletedRows);
    },
  };
}
