import { create } from "@bufbuild/protobuf";
import { PlansService } from "@leadmetrics/proto/content/v1/plans";
import { Health } from "@leadmetrics/proto/gen/grpc/health/v1/health_pb";
import { AccessSchema, Caller, TenantRole } from "@leadmetrics/proto/options/v1/access";
import { describe, expect, it } from "vitest";
import { asTenantId, newId } from "../../ids.ts";
import type { Principal, TenantUserRole } from "../../principal.ts";
import { accessOf, onlyLooks, refusalOf } from "./authorise.ts";

const tenantId = asTenantId(newId());
const user = { userId: newId(), sessionId: newId(), apps: [] };
const tenantUser = (role: TenantUserRole): Principal => ({ kind: "tenant", role, tenantId, ...user });
const reviewer: Principal = { kind: "platform", role: "reviewer", tenantIds: [tenantId], ...user };
const superAdmin: Principal = { kind: "platform", role: "super_admin", tenantIds: [], ...user };
const agents: Principal = { kind: "service", service: "agents" };
const search: Principal = { kind: "service", service: "search" };
const nobody: Principal = { kind: "public" };

const everyone = {
  nobody,
  viewer: tenantUser("viewer"),
  admin: tenantUser("admin"),
  reviewer,
  superAdmin,
  agents,
  search,
};

/** Who may, of all of them. */
function allowed(rule: Parameters<typeof create<typeof AccessSchema>>[1]): string[] {
  const access = create(AccessSchema, rule);
  return Object.entries(everyone)
    .filter(([, principal]) => refusalOf(access, principal) === undefined)
    .map(([name]) => name);
}

describe("a contract lets in", () => {
  it("everybody where it says public", () =>
    expect(allowed({ callers: [Caller.PUBLIC] })).toEqual(Object.keys(everyone)));

  it("tenant users from the least role upwards, nobody else", () => {
    expect(allowed({ callers: [Caller.TENANT] })).toEqual(["viewer", "admin"]);
    expect(allowed({ callers: [Caller.TENANT], minRole: TenantRole.MEMBER })).toEqual(["admin"]);
    expect(allowed({ callers: [Caller.TENANT], minRole: TenantRole.OWNER })).toEqual([]);
  });

  it("reviewers and super admins each by their own name", () => {
    expect(allowed({ callers: [Caller.REVIEWER] })).toEqual(["reviewer"]);
    expect(allowed({ callers: [Caller.SUPER_ADMIN] })).toEqual(["superAdmin"]);
  });

  it("only the services it names", () => {
    expect(allowed({ callers: [Caller.SERVICE], services: ["agents"] })).toEqual(["agents"]);
    expect(allowed({ callers: [Caller.SERVICE] })).toEqual([]);
  });

  it("no one when it names no one", () => expect(allowed({})).toEqual([]));
});

describe("before a company has accepted its contract, its users", () => {
  const waiting: Principal = { kind: "tenant", role: "owner", tenantId, ...user, beforeContract: true };
  const rule = { callers: [Caller.TENANT] };
  it("are refused everything, whatever their role", () =>
    expect(refusalOf(create(AccessSchema, rule), waiting)?.reason).toBe("contract_pending"));
  it("read and accept the contract, and look after their own sign-in", () => {
    expect(refusalOf(create(AccessSchema, { ...rule, beforeContract: true }), waiting)).toBeUndefined();
  });
});

describe("a super admin in a client's place", () => {
  const looking: Principal = {
    kind: "tenant",
    role: "owner",
    tenantId,
    ...user,
    impersonator: { userId: newId(), name: "Root", reason: "the owner asked" },
  };
  const rule = create(AccessSchema, { callers: [Caller.TENANT] });
  const { method } = PlansService;
  it("passes what is free of side effects, and nothing else by default", () => {
    expect(onlyLooks(method.getPlan, rule, looking)).toBe(false);
    expect(onlyLooks(method.approvePlan, rule, looking)).toBe(true);
    expect(
      onlyLooks(method.approvePlan, create(AccessSchema, { ...rule, impersonated: true }), looking),
    ).toBe(false);
  });
  it("is the only one this holds for", () =>
    expect(onlyLooks(method.approvePlan, rule, tenantUser("owner"))).toBe(false));
});

describe("who is refused", () => {
  const rule = create(AccessSchema, { callers: [Caller.TENANT], minRole: TenantRole.ADMIN });
  it("is told to sign in, or that the role is too low", () => {
    expect(refusalOf(rule, nobody)?.kind).toBe("unauthenticated");
    expect(refusalOf(rule, tenantUser("viewer"))?.reason).toBe("role_too_low");
    expect(refusalOf(rule, agents)?.kind).toBe("forbidden");
  });
});

it("a method without the option is named", () => {
  expect(() => accessOf(Health.method.check)).toThrow("grpc.health.v1.Health.Check has no");
});
