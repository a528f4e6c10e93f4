import { AuthFrame, VerifyEmail } from "@leadmetrics/web";

export const metadata = { title: "Confirm your address" };

export default async function VerifyPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | undefined>>;
}) {
  const { token } = await searchParams;
  return (
    <AuthFrame product="Leadmetrics" title="Confirm your address">
      <VerifyEmail token={token} />
    </AuthFrame>
  );
}
