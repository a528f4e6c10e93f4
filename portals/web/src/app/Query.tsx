"use client";
import { Button, ErrorNote, SkeletonRows } from "@leadmetrics/ui";
import { lazy, type ReactNode, Suspense } from "react";
import { asApiError } from "../api/errors.ts";

// Its words are in no page's script: whoever is refused has a line, since the refusal came over it.
const Refusal = lazy(() => import("./Refusal.tsx"));

interface Result<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

/** The states every list has: being fetched, failed, not allowed, not there, there. What was there stays when renewing it fails. */
export function Query<T>({
  of,
  loading = <SkeletonRows />,
  children,
}: {
  of: Result<T>;
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  if (of.data !== undefined) return children(of.data);
  const status = of.error ? asApiError(of.error).status : undefined;
  if (status === 403 || status === 404)
    return (
      <Suspense fallback={loading}>
        <Refusal status={status} />
      </Suspense>
    );
  if (of.error) return <Failure of={of.error} onRetry={() => void of.refetch()} />;
  return loading;
}

/** A failure in words. */
export function Failure({
  of,
  onRetry,
  className,
}: {
  of: unknown;
  onRetry?: () => void;
  className?: string;
}) {
  const error = asApiError(of);
  return (
    <ErrorNote message={error.message} requestId={error.requestId} onRetry={onRetry} className={className} />
  );
}

/** Asks for the next page. */
export function More({
  of,
}: {
  of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  if (!of.hasNextPage) return null;
  return (
    <Button className="mt-3" isPending={of.isFetchingNextPage} onPress={() => void of.fetchNextPage()}>
      Show more
    </Button>
  );
}
