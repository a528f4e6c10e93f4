"use client";
import { LinkProvider, Toasts } from "@leadmetrics/ui";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ApiError } from "../api/errors.ts";
import { RouterLink } from "./RouterLink.tsx";

/** Conventions of every query: fresh for 15 s, failures of the line retried twice, refusals never. */
function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (count, error) =>
          count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
        retryDelay: (attempt) => Math.min(8000, 600 * 2 ** attempt),
      },
      mutations: { retry: false },
    },
  });
}

/** What a portal's components stand on: queries, the router's link, messages. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <LinkProvider link={RouterLink}>
        {children}
        <Toasts />
      </LinkProvider>
    </QueryClientProvider>
  );
}
