"use client";
import { Button } from "@leadmetrics/ui";
import { type Actor, actorName, adminQueries, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

/** One thing that is set: what it does, who changed it last, what it is, and the dialog that changes it. */
export function Row({
  of,
  value,
  dialog,
}: {
  of: { title: string; what: string; changedBy: Actor | null; changedOn: string | null };
  value: ReactNode;
  dialog: (onClose: () => void) => ReactNode;
}) {
  const [changing, setChanging] = useState(false);
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 py-3">
      <div className="min-w-60 flex-1 max-md:basis-full">
        <p className="font-semibold">{of.title}</p>
        <p className="max-w-[60ch] text-sm text-muted">{of.what}</p>
        <p className="mt-0.5 text-xs text-muted">
          <ChangedBy by={of.changedBy} on={of.changedOn} />
        </p>
      </div>
      <span className="max-w-56 truncate tabular text-sm max-md:max-w-none max-md:flex-1">{value}</span>
      <Button onPress={() => setChanging(true)} aria-label={`Change ${of.title}`}>
        Change…
      </Button>
      {changing ? dialog(() => setChanging(false)) : null}
    </li>
  );
}

function ChangedBy({ by, on }: { by: Actor | null; on: string | null }) {
  const people = useQuery(adminQueries.users());
  const format = useFormat();
  if (!on) return "Never changed";
  const name = people.data?.items.find(({ ref }) => ref === by?.id)?.name;
  return `Changed by ${name || actorName(by ?? undefined) || "somebody"}, ${format.dateTime(on)}`;
}

/** What is there and what it becomes, before it is saved. */
export function Becomes({ before, after, same }: { before: string; after: string; same: boolean }) {
  return (
    <p className="text-sm" aria-live="polite">
      {same ? (
        <span className="text-muted">Nothing changes yet.</span>
      ) : (
        <>
          <del className="text-muted">{before}</del>
          <span className="px-2 text-muted">becomes</span>
          <ins className="font-semibold no-underline">{after}</ins>
        </>
      )}
    </p>
  );
}
