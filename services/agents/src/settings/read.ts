import { errors } from "@leadmetrics/kit";
import { ADAPTER_CATALOGUE } from "../adapters/index.ts";
import { ADAPTERS, type AdapterName } from "../adapters/port.ts";
import { ROLES, roleNamed } from "../roles/index.ts";

/** A setting for all roles that have none of their own. */
export const ANY_ROLE = "*";

/** A role, or all of them. @throws AppError naming `field` */
export function readRole(role: string, field: string): string {
  if (role === ANY_ROLE || roleNamed(role)) return role;
  const known = ROLES.map((one) => one.name).join(", ");
  throw errors.invalid(`There is no role "${role}".`, [
    { field, description: `one of ${known}, or ${ANY_ROLE} for all` },
  ]);
}

/** @throws AppError naming `field` */
export function readAdapter(adapter: string, field: string): AdapterName {
  const found = ADAPTERS.find((name) => name === adapter);
  if (found) return found;
  throw errors.invalid(`There is no adapter "${adapter}".`, [
    { field, description: `one of ${Object.keys(ADAPTER_CATALOGUE).join(", ")}` },
  ]);
}
