import { ButtonLink, EmptyState } from "@leadmetrics/ui";

export const metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main id="main" className="mx-auto max-w-lg px-4 py-24">
      <EmptyState
        as="h1"
        title="This page does not exist"
        action={<ButtonLink href="/">Back to the start</ButtonLink>}
      >
        The address may be mistyped, or what it showed is not yours or not there any more.
      </EmptyState>
    </main>
  );
}
