import { type Ctx, emit, type Id, type Tx, toRef } from "@leadmetrics/kit";
import {
  type SignInMethodChange,
  SignInMethodsChangedSchema,
} from "@leadmetrics/proto/identity/events/v1/events";
import type { IdentityDb } from "../db.ts";
import { appOf } from "./mail-tokens.ts";

/** Says that the ways into an account are others than before, in the transaction that makes them so. */
export async function signInMethodsChanged(
  tx: Tx<IdentityDb>,
  ctx: Ctx,
  userId: string,
  change: SignInMethodChange,
): Promise<void> {
  const user = await tx
    .selectFrom("user_account")
    .select(["email", "name", "platform_role"])
    .where("id", "=", userId)
    .executeTakeFirstOrThrow();
  await emit(
    tx,
    ctx,
    SignInMethodsChangedSchema,
    {
      userRef: toRef(userId as Id),
      email: user.email,
      name: user.name,
      change,
      app: appOf(user.platform_role),
    },
    { aggregate: userId },
  );
}
