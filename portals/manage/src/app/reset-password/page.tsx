import { AuthFrame, ResetForm } from "@leadmetrics/web";

export const metadata = { title: "New password" };

export default async function ResetPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | undefined>>;
}) {
  const { token } = await searchParams;
  return (
    <AuthFrame product="Leadmetrics Manage" title="Choose a new password">
      <ResetForm token={token} />
    </AuthFrame>
  );
}
