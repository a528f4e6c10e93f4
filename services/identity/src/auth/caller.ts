import { AppError, type Ctx, errors, type Id, userIdOf } from "@leadmetrics/kit";
import { App } from "@leadmetrics/proto/identity/v1/auth";
import type { AppName } from "../db.ts";
import { passwordProblem } from "./rules.ts";

export const APPS: Record<AppName, App> = { dashboard: App.DASHBOARD, dm: App.DM, manage: App.MANAGE };

const APP_NAMES: Partial<Record<App, AppName>> = {
  [App.DASHBOARD]: "dashboard",
  [App.DM]: "dm",
  [App.MANAGE]: "manage",
};

export function appNamed(app: App): AppName {
  const name = APP_NAMES[app];
  if (!name) throw errors.invalid("app: choose dashboard, dm or manage.");
  return name;
}

/** The signed-in person. */
export function callerOf(ctx: Ctx): Id {
  const id = userIdOf(ctx);
  if (!id) throw errors.unauthenticated();
  return id;
}

/** The session the call comes from. */
export function sessionOf({ principal }: Ctx): Id | undefined {
  return principal.kind === "tenant" || principal.kind === "platform" ? principal.sessionId : undefined;
}

/** @throws AppError weak_password with the reason */
export function refuseWeak(password: string, email: string, field: string): void {
  const problem = passwordProblem(password, email);
  if (problem)
    throw new AppError("invalid", "weak_password", problem, { fields: [{ field, description: problem }] });
}
