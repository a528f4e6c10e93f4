import { type Database, type Logger, newId } from "@leadmetrics/kit";
import { sql } from "kysely";
import { z } from "zod";
import { argon2Passwords } from "../auth/passwords.ts";
import type { IdentityDb } from "../db.ts";

/** `BOOTSTRAP_USERS`: the first super admin of a platform, or the people of a laptop's. */
export const bootstrapUsers = z
  .string()
  .default("[]")
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(
    z.array(
      z.object({
        email: z.email(),
        name: z.string().min(1),
        password: z.string().min(12),
        platformRole: z.enum(["reviewer", "super_admin"]),
      }),
    ),
  );

/** Adds who isn't there yet, verified; never changes who is. */
export async function ensureUsers(
  db: Database<IdentityDb>,
  users: z.output<typeof bootstrapUsers>,
  log: Logger,
): Promise<void> {
  for (const { email, name, password, platformRole } of users) {
    const passwordHash = await argon2Passwords.hash(password);
    const added = await db.global(async (tx) => {
      const row = await tx
        .insertInto("user_account")
        .values({
          id: newId(),
          email,
          name,
          platform_role: platformRole,
          email_verified_on: new Date(),
          deactivated_on: null,
          company_name: null,
          invitation_token_hash: null,
          last_tenant: null,
        })
        .onConflict((oc) => oc.expression(sql`lower(email)`).doNothing())
        .returning("id")
        .executeTakeFirst();
      if (row)
        await tx.insertInto("credential").values({ user_id: row.id, password_hash: passwordHash }).execute();
      return row !== undefined;
    });
    if (added) log.info({ email, platformRole }, "added a first user");
  }
}
