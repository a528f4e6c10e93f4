"use client";
import { frameQueries } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";

// Most companies have accepted theirs long ago.
const ContractScreen = lazy(() => import("./ContractScreen.tsx"));

/** Stands before everything while a contract waits. The platform refuses the rest by itself; this says why. */
export function ContractGate({ children }: { children: ReactNode }) {
  const { data } = useQuery(frameQueries.contract);
  if (!data?.waiting || !data.contract) return children;
  return (
    <Suspense>
      <ContractScreen contract={data.contract} />
    </Suspense>
  );
}
