"use client";
import { toast, undoable } from "@leadmetrics/ui";
import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { asApiError } from "../api/errors.ts";

export interface Change<Data> {
  /** The query whose data shows it. */
  queryKey: QueryKey;
  /** What the data will be; called again on newer data when the list was renewed meanwhile. */
  apply: (data: Data) => Data;
  message: string;
  send: () => Promise<unknown>;
  /** Further query keys to renew once it is done. */
  renews?: readonly string[];
  /** Said next to the list too, where a refusal should stay in sight. */
  onRefused?: (cause: unknown) => void;
}

/**
 * Shows a change at once, sends it after ten seconds, and takes it back when the person does or the platform refuses.
 * For decisions that can be undone; spending, publishing and deleting ask first instead.
 */
export function useOptimistic<Data>() {
  const client = useQueryClient();
  return useCallback(
    (change: Change<Data>) => {
      void client.cancelQueries({ queryKey: change.queryKey });
      const shown = () =>
        client.setQueryData<Data>(change.queryKey, (data) =>
          data === undefined ? data : change.apply(data),
        );
      const renew = () =>
        Promise.all(
          [change.queryKey, ...(change.renews ?? []).map((key) => [key])].map((queryKey) =>
            client.invalidateQueries({ queryKey }),
          ),
        );
      const before = client.getQueryData<Data>(change.queryKey);
      shown();
      const back = () => {
        client.setQueryData(change.queryKey, before);
        void renew();
      };
      undoable({
        message: change.message,
        onUndo: back,
        commit: () => {
          shown();
          change.send().then(renew, (cause: unknown) => {
            back();
            toast(asApiError(cause).message, { tone: "bad", lastsMs: 9000 });
            change.onRefused?.(cause);
          });
        },
      });
    },
    [client],
  );
}
