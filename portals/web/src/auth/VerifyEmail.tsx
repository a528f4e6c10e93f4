"use client";
import { ButtonLink, Progress } from "@leadmetrics/ui";
import { useEffect, useRef, useState } from "react";
import { auth } from "../api/auth.ts";
import { asApiError } from "../api/errors.ts";
import { Failure } from "../app/Query.tsx";

/** Confirms the address with the token of the mailed link. */
export function VerifyEmail({ token }: { token?: string }) {
  const [state, setState] = useState<"asking" | "done" | { error: unknown }>("asking");
  const asked = useRef(false);
  useEffect(() => {
    // The token works once; React mounts twice in development.
    if (asked.current || !token) return;
    asked.current = true;
    auth.verifyEmail(token).then(
      () => setState("done"),
      (cause) => setState({ error: asApiError(cause) }),
    );
  }, [token]);
  if (!token) return <p>This link is incomplete. Open it from the mail again, or copy all of it.</p>;
  if (state === "asking") return <Progress label="Confirming your address" />;
  if (state === "done") {
    return (
      <div className="flex flex-col gap-4" role="status">
        <p>Your address is confirmed.</p>
        <ButtonLink href="/login" kind="primary" className="self-start">
          Sign in
        </ButtonLink>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <Failure of={state.error} />
      <p className="text-sm text-muted">
        Links work once and for a day. If you have confirmed before, sign in; otherwise sign up again to get a
        new one.
      </p>
      <div className="flex gap-2">
        <ButtonLink href="/login">Sign in</ButtonLink>
        <ButtonLink href="/register" kind="quiet">
          Sign up again
        </ButtonLink>
      </div>
    </div>
  );
}
