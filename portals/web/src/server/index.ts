export { createApiHandler, endSessionCookies } from "./api.ts";
export type { Portal } from "./portal.ts";
export { createProxy } from "./proxy.ts";
