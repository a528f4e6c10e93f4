import { Ahead } from "@leadmetrics/web/ahead";
import { OnboardingScreen } from "../../../screens/Onboarding.tsx";

export const metadata = { title: "Getting started" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/onboarding"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <OnboardingScreen />
    </>
  );
}
