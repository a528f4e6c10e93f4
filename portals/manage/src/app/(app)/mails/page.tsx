import { MailsScreen } from "../../../screens/Mails.tsx";

export const metadata = { title: "Mails" };

export default function Route() {
  return <MailsScreen />;
}
