"use client";
import { ErrorNote } from "@leadmetrics/ui";

/** How the bundler calls the failure of fetching a part of the portal's own code. */
const LOST_CODE = "ChunkLoadError";

/**
 * What stands in place of a page that broke while it was shown. Code that can't be fetched is mostly that of a release which was
 * replaced while the page was open: only loading the page anew helps.
 */
export function PageProblem({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const isLostCode = error.name === LOST_CODE;
  return (
    <main id="main" className="mx-auto max-w-lg px-4 py-24">
      <ErrorNote
        message={
          isLostCode
            ? "A part of this page could not be fetched: there is a newer version of it, or the connection was lost. What you did before is safe."
            : "This page could not be shown. What you did before is safe."
        }
        requestId={error.digest}
        retry={isLostCode ? "Load the page again" : undefined}
        onRetry={isLostCode ? () => window.location.reload() : reset}
      />
    </main>
  );
}
