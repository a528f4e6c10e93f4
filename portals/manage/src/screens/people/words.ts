import type { User } from "@leadmetrics/web";

const names: Record<string, string> = { reviewer: "Reviewer", super_admin: "Super admin" };

/** What a person is on the platform. */
export const roleName = (user: Pick<User, "platformRole">): string =>
  names[user.platformRole ?? ""] ?? "Client user";
