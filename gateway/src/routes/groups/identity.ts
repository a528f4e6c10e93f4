import { KeysService } from "@leadmetrics/proto/identity/v1/keys";
import { UsersService } from "@leadmetrics/proto/identity/v1/users";
import type { RouteGroups } from "../route.ts";

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
  ],
};
