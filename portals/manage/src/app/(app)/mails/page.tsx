import { Ahead } from "@leadmetrics/web/ahead";
import { MailsScreen } from "../../../screens/Mails.tsx";

export const metadata = { title: "Mails" };

/** What the page asks for at once. */
const asked = ["/admin/v1/notification-templates"];

export default function Route() {
  return (
    <>
      <Ahead portal="manage" of={asked} />
      <MailsScreen />
    </>
  );
}
