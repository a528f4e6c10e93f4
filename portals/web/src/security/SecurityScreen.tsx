"use client";
import { Page, part, SkeletonRows } from "@leadmetrics/ui";
import { SessionsSection } from "./Sessions.tsx";

const PasskeysSection = part(
  async () => (await import("./Passkeys.tsx")).PasskeysSection,
  <SkeletonRows rows={2} />,
);
const SecondFactorSection = part(
  async () => (await import("./SecondFactor.tsx")).SecondFactorSection,
  <SkeletonRows rows={1} />,
);
const ChangePasswordSection = part(
  async () => (await import("./ChangePassword.tsx")).ChangePasswordSection,
  <SkeletonRows rows={3} />,
);

/** How I sign in and where I am signed in; the same in every portal. */
export function SecurityScreen() {
  return (
    <Page title="Security" width="read">
      <div className="flex flex-col gap-10">
        <SessionsSection />
        <PasskeysSection />
        <SecondFactorSection />
        <ChangePasswordSection />
      </div>
    </Page>
  );
}
