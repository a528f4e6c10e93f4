import { ImpersonationScreen } from "@leadmetrics/web";
import { Suspense } from "react";

export const metadata = {
  title: "In a client's place",
  robots: { index: false },
  referrer: "no-referrer",
};

export default function ImpersonationPage() {
  return (
    <Suspense>
      <ImpersonationScreen product="Leadmetrics" />
    </Suspense>
  );
}
