"use client";
import { ErrorNote } from "@leadmetrics/ui";

export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <main id="main" className="mx-auto max-w-lg px-4 py-24">
      <ErrorNote
        message="This page could not be shown. What you did before is safe."
        requestId={error.digest}
        onRetry={reset}
      />
    </main>
  );
}
