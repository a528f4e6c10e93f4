import { agentsRoutes } from "./groups/agents.ts";
import { billingRoutes } from "./groups/billing.ts";
import { contentRoutes } from "./groups/content.ts";
import { contentAdminRoutes } from "./groups/content-admin.ts";
import { contentDecisionRoutes } from "./groups/content-decisions.ts";
import { contentReviewRoutes } from "./groups/content-review.ts";
import { identityRoutes } from "./groups/identity.ts";
import { notificationsRoutes } from "./groups/notifications.ts";
import { ragRoutes } from "./groups/rag.ts";
import { searchRoutes } from "./groups/search.ts";
import { tenancyRoutes } from "./groups/tenancy.ts";
import { tenancyAdminRoutes } from "./groups/tenancy-admin.ts";
import type { Route, RouteGroups } from "./route.ts";

const GROUPS: readonly RouteGroups[] = [
  tenancyRoutes,
  tenancyAdminRoutes,
  contentRoutes,
  contentDecisionRoutes,
  contentReviewRoutes,
  contentAdminRoutes,
  agentsRoutes,
  ragRoutes,
  billingRoutes,
  notificationsRoutes,
  searchRoutes,
  identityRoutes,
];

const all = (group: keyof RouteGroups): readonly Route[] => GROUPS.flatMap((routes) => routes[group] ?? []);

/** The same route for a tenant named in its path. */
const inTenant = (route: Route): Route => ({ ...route, path: `/tenants/:tenantRef${route.path}` });

/** `/tenant/v1`: client users, in their own tenant. */
export const tenantRoutes: readonly Route[] = [
  ...all("readings"),
  ...all("moves"),
  ...all("own"),
  ...all("tenant"),
];

/** `/dm/v1`: reviewers, over their tenants or in a named one. */
export const dmRoutes: readonly Route[] = [
  ...all("own"),
  ...all("dm"),
  ...[...all("readings"), ...all("moves")].map(inTenant),
];

/** `/admin/v1`: super admins. */
export const adminRoutes: readonly Route[] = all("admin");
