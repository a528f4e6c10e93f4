import type { Server } from "node:net";

/** The port a listening server has; undefined when it doesn't listen on one. */
export function portOf(server: Pick<Server, "address">): number | undefined {
  const address = server.address();
  return typeof address === "object" && address ? address.port : undefined;
}
