import { createProxy } from "@leadmetrics/web/proxy";

export const proxy = createProxy({
  portal: "manage",
  open: ["/login", "/forgot-password", "/reset-password", "/ui"],
});

/** Every page; not the API (it renews sessions itself), not files. */
export const config = { matcher: ["/((?!api/|_next/static|_next/image|icon\\.svg|favicon\\.ico).*)"] };
