import { FormatProvider, LiveProvider } from "@leadmetrics/web";
import type { ReactNode } from "react";
import { Frame } from "../../screens/Frame.tsx";

export default function AppLayout({ children }: { children: ReactNode }) {
  return (
    <LiveProvider path="/api/admin/v1/events">
      <FormatProvider ofTenant={false}>
        <Frame>{children}</Frame>
      </FormatProvider>
    </LiveProvider>
  );
}
