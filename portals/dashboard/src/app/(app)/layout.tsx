import { CompanyNames, FormatProvider, ImpersonationBanner, LiveProvider } from "@leadmetrics/web";
import type { ReactNode } from "react";
import { ContractGate } from "../../screens/ContractGate.tsx";
import { Frame } from "../../screens/Frame.tsx";

export default function AppLayout({ children }: { children: ReactNode }) {
  return (
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
  );
}
