import { ChannelsScreen } from "../../../screens/Channels.tsx";

export const metadata = { title: "Channels" };

export default function Route() {
  return <ChannelsScreen />;
}
