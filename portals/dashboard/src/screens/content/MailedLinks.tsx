"use client";
import { Button } from "@leadmetrics/ui";
import {
  clientActions,
  clientQueries,
  frameQueries,
  useAction,
  useFormat,
  useMayEdit,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";

/** Who can decide on an item by a mailed link, and the way to take that back. */
export function MailedLinks({ activityRef }: { activityRef: string }) {
  const format = useFormat();
  const mayEdit = useMayEdit();
  const links = useQuery(clientQueries.approvalLinks(activityRef));
  const members = useQuery(frameQueries.members);
  const withdraw = useAction(() => clientActions.revokeLinks(activityRef), { renews: ["approval-links"] });
  const open = links.data?.items ?? [];
  // One line a person, also when each version brought them a link.
  const people = new Map(
    [...open]
      .sort((a, b) => (a.expiresOn ?? "").localeCompare(b.expiresOn ?? ""))
      .map((one) => [one.userRef, one]),
  );
  if (open.length === 0) return null;
  const nameOf = (ref: string) => members.data?.items.find((one) => one.userRef === ref)?.name ?? "Somebody";
  return (
    <section className="border-t border-line pt-4 text-sm">
      <h2 className="font-semibold">By mail</h2>
      <ul className="mt-1 text-muted">
        {[...people.values()].map((one) => (
          <li key={one.ref} dir="auto">
            {nameOf(one.userRef)} can decide until {format.date(one.expiresOn)}
          </li>
        ))}
      </ul>
      {mayEdit ? (
        <Button className="mt-2" isPending={withdraw.isPending} onPress={() => withdraw.mutate(undefined)}>
          Withdraw {open.length === 1 ? "the link" : "the links"}
        </Button>
      ) : null}
    </section>
  );
}
