import { SecurityScreen } from "@leadmetrics/web";
import { Ahead } from "@leadmetrics/web/ahead";

export const metadata = { title: "Security" };

/** What the page asks for at once. */
const asked = ["/auth/v1/sessions?pageSize=100", "/auth/v1/passkeys", "/auth/v1/second-factor"];

export default function Route() {
  return (
    <>
      <Ahead portal="dm" of={asked} />
      <SecurityScreen />
    </>
  );
}
