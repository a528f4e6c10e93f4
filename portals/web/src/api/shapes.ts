/** What the portals read from the gateway; `contract.ts` holds it against the gateway's OpenAPI document. */
export type * from "./shapes/budgets.ts";
export type * from "./shapes/client-review.ts";
export type * from "./shapes/common.ts";
export type * from "./shapes/craft.ts";
export type * from "./shapes/direction.ts";
export type * from "./shapes/figures.ts";
export type * from "./shapes/knowledge.ts";
export type * from "./shapes/onboarding.ts";
export type * from "./shapes/people.ts";
export type * from "./shapes/platform.ts";
export type * from "./shapes/production.ts";
export type * from "./shapes/review.ts";
export type * from "./shapes/runs.ts";
export type * from "./shapes/security.ts";
export type * from "./shapes/settings.ts";
