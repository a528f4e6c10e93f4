import { createProxy } from "@leadmetrics/web/proxy";

export const proxy = createProxy({
  portal: "dashboard",
  open: [
    "/login",
    "/register",
    "/verify-email",
    "/forgot-password",
    "/reset-password",
    "/decide",
    "/impersonation",
  ],
});

/** Every page; not the API (it renews sessions itself), not files. */
export const config = { matcher: ["/((?!api/|_next/static|_next/image|icon\\.svg|favicon\\.ico).*)"] };
