"use client";
import { type FormEvent, useState } from "react";
import { type ApiError, asApiError } from "../api/errors.ts";

/** A form's way to the API: pending while it runs, the refusal in words, the mistakes by field. */
export function useSubmit(send: () => Promise<void>) {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<ApiError>();
  async function onSubmit(event?: FormEvent) {
    event?.preventDefault();
    if (pending) return;
    setPending(true);
    setError(undefined);
    try {
      await send();
    } catch (cause) {
      setError(asApiError(cause));
    } finally {
      setPending(false);
    }
  }
  return { pending, error, fields: error?.fields ?? {}, onSubmit };
}
