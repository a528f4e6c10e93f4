import { asService, type Ctx, type RpcClients } from "@leadmetrics/kit";
import { UsersService } from "@leadmetrics/proto/identity/v1/users";

/** The names of people by their references; without those that can't be told right now. */
export type NamesOf = (ctx: Ctx, userRefs: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Names as identity knows them. A claim without a name still holds, so its silence is no failure. */
export function namesFrom(rpc: RpcClients): NamesOf {
  const users = rpc.client(UsersService, "identity");
  return async (ctx, userRefs) => {
    if (userRefs.length === 0) return new Map();
    try {
      const found = await users.batchGetUsers({ userRefs: [...new Set(userRefs)] }, asService(ctx));
      return new Map(found.users.map((user) => [user.ref, user.name || user.email]));
    } catch (error) {
      ctx.log.warn({ err: error }, "reviewers' names can't be told, claims go without");
      return new Map();
    }
  };
}
