import { asService, type Ctx, type RpcClients } from "@leadmetrics/kit";
import { UsersService } from "@leadmetrics/proto/identity/v1/users";

/** The name of a person by their reference; empty for one that can't be told right now. */
export type NameOf = (userRef: string | null) => string;

/** People's names from identity, asked for at once. A version without a name still stands, so silence is no failure. */
export function peopleFrom(rpc: RpcClients) {
  const users = rpc.client(UsersService, "identity");
  return async (ctx: Ctx, asked: readonly (string | null)[]): Promise<NameOf> => {
    const userRefs = [...new Set(asked.filter((ref) => ref !== null))];
    const found = await (userRefs.length > 0
      ? users.batchGetUsers({ userRefs }, asService(ctx))
      : undefined
    )?.catch((error: unknown) => {
      ctx.log.warn({ err: error }, "names can't be told, versions go without");
      return undefined;
    });
    return (ref) => {
      const user = found?.users.find((each) => each.ref === ref);
      return user?.name || user?.email || "";
    };
  };
}
