import { OnboardingScreen } from "../../../screens/Onboarding.tsx";

export const metadata = { title: "Getting started" };

export default function Route() {
  return <OnboardingScreen />;
}
