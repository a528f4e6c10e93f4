import { type DescMethod, getOption, hasOption } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { type Access, access, Caller, TenantRole } from "@leadmetrics/proto/options/v1/access";
import { type AppError, errors } from "../../errors.ts";
import type { Principal, TenantUserRole } from "../../principal.ts";

const RANK: Record<TenantUserRole, TenantRole> = {
  viewer: TenantRole.VIEWER,
  member: TenantRole.MEMBER,
  admin: TenantRole.ADMIN,
  owner: TenantRole.OWNER,
};

const known = new WeakMap<DescMethod, Access>();

/** The method's access option. @throws Error naming the method when the contract has none */
export function accessOf(method: DescMethod): Access {
  // Reading an option decodes it; the contract doesn't change while a process runs.
  const before = known.get(method);
  if (before) return before;
  if (!hasOption(method, access)) {
    throw new Error(
      `${method.parent.typeName}.${method.name} has no (leadmetrics.options.v1.access): say in the contract who may call it`,
    );
  }
  const rule = getOption(method, access);
  known.set(method, rule);
  return rule;
}

/** What a company's users are told while its contract waits. */
export function contractFirst(): AppError {
  return errors.conflict(
    "contract_pending",
    "Your company's contract waits to be accepted. Everything opens once an owner or admin has agreed to it.",
  );
}

/** Whether the caller is a super admin in a client's place and the contract doesn't open this to them. */
export function onlyLooks(method: DescMethod, rule: Access, principal: Principal): boolean {
  return (
    principal.kind === "tenant" &&
    principal.impersonator !== undefined &&
    method.idempotency !== MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS &&
    !rule.impersonated
  );
}

/** What a super admin in a client's place is told. */
export function lookingOnly(): AppError {
  return errors.forbidden(
    "You are looking at this in a client's place: nothing can be changed. Only the client can do this.",
    "impersonated",
  );
}

/** Whether the contract lets this principal call; undefined means yes. */
export function refusalOf(rule: Access, principal: Principal): AppError | undefined {
  const { callers } = rule;
  if (callers.includes(Caller.PUBLIC)) return undefined;
  switch (principal.kind) {
    case "public":
      return errors.unauthenticated();
    case "service":
      return callers.includes(Caller.SERVICE) && rule.services.includes(principal.service)
        ? undefined
        : errors.forbidden(`The service ${principal.service} may not call this.`);
    case "platform":
      return callers.includes(principal.role === "reviewer" ? Caller.REVIEWER : Caller.SUPER_ADMIN)
        ? undefined
        : errors.forbidden();
    case "tenant":
      if (!callers.includes(Caller.TENANT)) return errors.forbidden();
      if (principal.beforeContract && !rule.beforeContract) return contractFirst();
      return RANK[principal.role] >= rule.minRole
        ? undefined
        : errors.forbidden(
            "Your role in this company doesn't allow this. Ask an owner or admin.",
            "role_too_low",
          );
  }
}
