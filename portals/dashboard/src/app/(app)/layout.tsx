import { CompanyNames, FormatProvider, ImpersonationBanner, LiveProvider } from "@leadmetrics/web";
import { Ahead } from "@leadmetrics/web/ahead";
import type { ReactNode } from "react";
import { ContractGate } from "../../screens/ContractGate.tsx";
import { Frame } from "../../screens/Frame.tsx";

/** What the frame around every page asks for, and what a first page most often does. */
const asked = [
  "/auth/v1/me",
  "/auth/v1/platform",
  "/tenant/v1/tenant",
  "/tenant/v1/contract",
  "/tenant/v1/members?pageSize=200",
  "/tenant/v1/approvals?pageSize=200",
  "/tenant/v1/notifications?pageSize=50",
];

export default function AppLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <LiveProvider path="/api/tenant/v1/events">
        <FormatProvider ofTenant>
          <CompanyNames>
            <ImpersonationBanner />
            <ContractGate>
              <Frame>{children}</Frame>
            </ContractGate>
          </CompanyNames>
        </FormatProvider>
      </LiveProvider>
    </>
  );
}
