import { FormatProvider, LiveProvider } from "@leadmetrics/web";
import { Ahead } from "@leadmetrics/web/ahead";
import type { ReactNode } from "react";
import { Frame } from "../../screens/Frame.tsx";

/** What the frame around every page asks for, and what a first page most often does. */
const asked = [
  "/auth/v1/me",
  "/auth/v1/platform",
  "/dm/v1/queue?pageSize=1",
  "/dm/v1/runs?status=working&pageSize=100",
  "/dm/v1/notifications?pageSize=50",
  "/dm/v1/tenants?pageSize=200",
];

export default function AppLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <Ahead portal="dm" of={asked} />
      <LiveProvider path="/api/dm/v1/events">
        <FormatProvider ofTenant={false}>
          <Frame>{children}</Frame>
        </FormatProvider>
      </LiveProvider>
    </>
  );
}
