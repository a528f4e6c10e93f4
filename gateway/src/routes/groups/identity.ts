import { ImpersonationService } from "@leadmetrics/proto/identity/v1/impersonation";
import { KeysService } from "@leadmetrics/proto/identity/v1/keys";
import { UsersService } from "@leadmetrics/proto/identity/v1/users";
import type { Route, RouteGroups } from "../route.ts";

/** Its answer is a secret: nothing of it is kept, not even to answer the same again. */
export const adminSecretRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/impersonations",
    rpc: ImpersonationService.method.startImpersonation,
    target: "identity",
    status: 201,
    summary: "Look at the dashboard in a client's place: a link that opens once, within a minute",
  },
];

export const identityRoutes: RouteGroups = {
  admin: [
    {
      method: "POST",
      path: "/keys/rotate",
      rpc: KeysService.method.rotateKeys,
      target: "identity",
      summary: "Sign tokens with a new key; nobody is signed out",
    },
    {
      method: "GET",
      path: "/users",
      rpc: UsersService.method.listUsers,
      target: "identity",
      list: "users",
      summary: "Users",
    },
    {
      method: "POST",
      path: "/users",
      rpc: UsersService.method.createPlatformUser,
      target: "identity",
      unwrap: "user",
      status: 201,
      summary: "Add a reviewer or super admin",
    },
    {
      method: "GET",
      path: "/users/:userRef/sessions",
      rpc: UsersService.method.listUserSessions,
      target: "identity",
      list: "sessions",
      summary: "Where a person is signed in",
    },
    {
      method: "POST",
      path: "/users/:userRef/sessions/end",
      rpc: UsersService.method.endUserSessions,
      target: "identity",
      summary: "Sign a person out everywhere",
    },
    {
      method: "POST",
      path: "/users/:userRef/second-factor/reset",
      rpc: UsersService.method.resetSecondFactor,
      target: "identity",
      summary: "Turn a lost second factor off",
    },
    {
      method: "GET",
      path: "/impersonations",
      rpc: ImpersonationService.method.listImpersonations,
      target: "identity",
      list: "impersonations",
      summary: "Who looked in whose place, and why",
    },
    {
      method: "DELETE",
      path: "/impersonations/:impersonationRef",
      rpc: ImpersonationService.method.endImpersonation,
      target: "identity",
      summary: "End one",
    },
  ],
};
