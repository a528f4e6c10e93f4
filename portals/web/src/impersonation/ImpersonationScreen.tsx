"use client";
import { Button } from "@leadmetrics/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { auth } from "../api/auth.ts";
import { ApiError } from "../api/errors.ts";
import { Failure } from "../app/Query.tsx";
import { AuthFrame } from "../auth/AuthFrame.tsx";
import { tabBeginsToLook, tabLooksNoMore } from "./tab.ts";

/** Takes a super admin's ticket, which stands in the fragment: nothing of it is sent with the page. */
export function ImpersonationScreen({ product }: { product: string }) {
  const over = useSearchParams().has("over");
  const client = useQueryClient();
  const [ticket, setTicket] = useState<string>();
  const open = useMutation({
    mutationFn: auth.openImpersonation,
    onSuccess: () => {
      tabBeginsToLook();
      client.clear();
      location.replace("/");
    },
  });
  const { mutate } = open;
  useEffect(() => {
    if (over) return tabLooksNoMore();
    const given = new URLSearchParams(location.hash.slice(1)).get("ticket") ?? "";
    setTicket(given);
    // A ticket works once: it doesn't stay in the address or the history.
    history.replaceState(null, "", location.pathname);
    if (given) mutate({ ticket: given });
  }, [over, mutate]);

  if (over)
    return (
      <AuthFrame product={product} title="You look no more">
        <p className="text-sm text-muted">
          The session in the client's place has ended. Start another one in the manage portal if you need it.
        </p>
        <Button onPress={() => window.close()}>Close this tab</Button>
      </AuthFrame>
    );
  const taken = open.error instanceof ApiError && open.error.code === "dashboard_in_use";
  if (taken && ticket)
    return (
      <AuthFrame product={product} title="This browser is signed in">
        <p className="text-sm text-muted">
          Somebody uses the dashboard in this browser. If you go on, they are signed out here; what they have
          saved stays.
        </p>
        <div className="flex gap-2">
          <Button kind="primary" onPress={() => mutate({ ticket, replace: true })}>
            Sign out and look
          </Button>
          <Button kind="quiet" onPress={() => location.assign("/")}>
            Keep the session
          </Button>
        </div>
      </AuthFrame>
    );
  return (
    <AuthFrame product={product} title="Looking in a client's place">
      {open.error ? <Failure of={open.error} /> : null}
      {ticket === "" ? (
        <p className="text-sm text-muted">
          There is no ticket in this address. Start in the manage portal, on the page of a tenant or a person.
        </p>
      ) : null}
      {open.isPending || open.isSuccess ? <p className="text-sm text-muted">One moment…</p> : null}
    </AuthFrame>
  );
}
