import { FormatProvider, LiveProvider } from "@leadmetrics/web";
import { Ahead } from "@leadmetrics/web/ahead";
import type { ReactNode } from "react";
import { Frame } from "../../screens/Frame.tsx";

/** What the frame around every page asks for, and what a first page most often does. */
const asked = ["/auth/v1/me", "/auth/v1/platform", "/admin/v1/dead-letters?pageSize=100", "/admin/v1/pauses"];

export default function AppLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <LiveProvider path="/api/admin/v1/events">
        <FormatProvider ofTenant={false}>
          <Frame>{children}</Frame>
        </FormatProvider>
      </LiveProvider>
    </>
  );
}
