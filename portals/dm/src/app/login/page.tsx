import { AuthFrame, LoginForm } from "@leadmetrics/web";

export const metadata = { title: "Sign in" };

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | undefined>>;
}) {
  const { next, ended } = await searchParams;
  return (
    <AuthFrame product="Leadmetrics DM" title="Sign in">
      <LoginForm portal="dm" canRegister={false} next={next} ended={ended === "1"} />
    </AuthFrame>
  );
}
