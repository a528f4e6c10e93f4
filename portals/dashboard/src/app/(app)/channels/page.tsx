import { Ahead } from "@leadmetrics/web/ahead";
import { ChannelsScreen } from "../../../screens/Channels.tsx";

export const metadata = { title: "Channels" };

/** What the page asks for at once. */
const asked = ["/tenant/v1/channels?pageSize=200"];

export default function Route() {
  return (
    <>
      <Ahead portal="dashboard" of={asked} />
      <ChannelsScreen />
    </>
  );
}
