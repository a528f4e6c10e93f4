"use client";
import { Page } from "@leadmetrics/ui";
import { ChangePasswordSection } from "./ChangePassword.tsx";
import { PasskeysSection } from "./Passkeys.tsx";
import { SecondFactorSection } from "./SecondFactor.tsx";
import { SessionsSection } from "./Sessions.tsx";

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
