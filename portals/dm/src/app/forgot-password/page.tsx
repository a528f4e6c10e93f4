import { AuthFrame, ForgotForm } from "@leadmetrics/web";

export const metadata = { title: "Forgot password" };

export default function ForgotPage() {
  return (
    <AuthFrame product="Leadmetrics DM" title="Set a new password">
      <ForgotForm />
    </AuthFrame>
  );
}
