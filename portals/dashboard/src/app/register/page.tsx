import { AuthFrame, RegisterForm } from "@leadmetrics/web";

export const metadata = { title: "Create an account" };

export default async function RegisterPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | undefined>>;
}) {
  const { invitation } = await searchParams;
  return (
    <AuthFrame product="Leadmetrics" title={invitation ? "Join your company" : "Create an account"}>
      <RegisterForm invitationToken={invitation} />
    </AuthFrame>
  );
}
