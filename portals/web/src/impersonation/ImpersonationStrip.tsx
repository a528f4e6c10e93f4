"use client";
import { Icon, toast } from "@leadmetrics/ui";
import { useEffect, useState } from "react";
import { auth } from "../api/auth.ts";
import { asApiError } from "../api/errors.ts";
import type { Me } from "../api/shapes.ts";
import { useFormat } from "../app/useMe.tsx";
import { IMPERSONATION_OVER } from "./tab.ts";

/** Who looks, as whom, until when, and the way out. */
export default function ImpersonationStrip({
  impersonation,
}: {
  impersonation: NonNullable<Me["impersonation"]>;
}) {
  const format = useFormat();
  const [ending, setEnding] = useState(false);
  const end = impersonation.expiresOn;
  useEffect(() => {
    const timer = setTimeout(() => location.assign(IMPERSONATION_OVER), Date.parse(end) - Date.now());
    return () => clearTimeout(timer);
  }, [end]);

  const stop = async () => {
    setEnding(true);
    try {
      await auth.logout();
      location.assign(IMPERSONATION_OVER);
    } catch (cause) {
      setEnding(false);
      toast(asApiError(cause).message, { tone: "bad" });
    }
  };
  return (
    <section
      aria-label="Looking in a client's place"
      data-strip
      className="sticky top-0 z-40 flex h-(--strip) shrink-0 items-center gap-3 border-b-2 border-warn bg-text px-6 text-sm text-bg max-md:gap-2 max-md:px-4"
    >
      <Icon of="eye" className="shrink-0" />
      <p className="min-w-0 flex-1 truncate" title={impersonation.reason}>
        <span className="max-md:hidden">{impersonation.adminName}, you are looking as </span>
        <span className="md:hidden">As </span>
        <strong className="font-semibold">{impersonation.userName}</strong>
        <span className="max-md:hidden">. Nothing can be changed. </span>
        <span className="max-md:hidden">Reason: {impersonation.reason}</span>
      </p>
      <span className="shrink-0 tabular">until {format.time(impersonation.expiresOn)}</span>
      <button
        type="button"
        disabled={ending}
        onClick={() => void stop()}
        className="h-8 shrink-0 cursor-pointer rounded-control bg-bg px-3 font-semibold text-text hover:opacity-90 focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-bg max-md:h-full"
      >
        End
      </button>
    </section>
  );
}
