import { createApiHandler } from "@leadmetrics/web/server";

export const dynamic = "force-dynamic";

const handler = createApiHandler("manage");

export { handler as DELETE, handler as GET, handler as PATCH, handler as POST, handler as PUT };
