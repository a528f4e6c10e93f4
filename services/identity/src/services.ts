import type { RpcClients, ServedService } from "@leadmetrics/kit";
import { authService } from "./auth/rpc.ts";
import type { IdentityDeps } from "./deps.ts";
import { impersonationService } from "./impersonation/rpc.ts";
import { keyServices } from "./keys/rpc.ts";
import { passkeysService } from "./passkeys/rpc.ts";
import { identityRecords } from "./people/records.ts";
import { secondFactorService } from "./second-factor/rpc.ts";
import { usersService } from "./users/rpc.ts";

/** All of identity, the same in production and in tests. @param secrets service → client secret */
export function identityServices(
  deps: IdentityDeps,
  secrets: Readonly<Record<string, string>>,
  rpc: RpcClients,
): ServedService[] {
  return [
    authService(deps),
    secondFactorService(deps),
    passkeysService(deps),
    usersService(deps.db, deps.ender),
    impersonationService(deps, rpc),
    identityRecords(deps.db, deps.ender),
    ...keyServices(deps.db, deps.keys, secrets),
  ];
}
