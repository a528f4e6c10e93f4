"use client";
import { toast } from "@leadmetrics/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asApiError } from "../api/errors.ts";

/** A change that renews lists afterwards; its refusal shows as a message unless the caller shows it in place. */
export function useAction<Input, Result>(
  act: (input: Input) => Promise<Result>,
  options: { renews: readonly string[]; done?: (result: Result, input: Input) => void; quiet?: boolean },
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (result, input) => options.done?.(result, input),
    onError: (cause) => {
      if (!options.quiet) toast(asApiError(cause).message, { tone: "bad", lastsMs: 9000 });
    },
    onSettled: () => Promise.all(options.renews.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}
