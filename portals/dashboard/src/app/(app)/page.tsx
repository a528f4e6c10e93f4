import { Ahead } from "@leadmetrics/web/ahead";
import { HomeScreen } from "../../screens/Home.tsx";

export const metadata = { title: "Home" };

/** What the page asks for at once. */
const asked = [
  "/tenant/v1/runs?status=working&pageSize=50",
  "/tenant/v1/runs?status=awaiting_credits&pageSize=50",
  "/tenant/v1/plans?pageSize=50",
  "/tenant/v1/channels?pageSize=200",
  "/tenant/v1/strategies?pageSize=50",
  "/tenant/v1/goals",
  "/tenant/v1/context",
  "/tenant/v1/files?pageSize=200",
  "/tenant/v1/onboarding",
  "/tenant/v1/periods?pageSize=200",
];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <HomeScreen />
    </>
  );
}
