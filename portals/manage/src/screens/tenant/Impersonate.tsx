"use client";
import { Button, ButtonLink, Dialog, ReasonDialog, Section, Select, SkeletonRows } from "@leadmetrics/ui";
import {
  Failure,
  type Impersonation,
  type ImpersonationTicket,
  platformActions,
  platformQueries,
  Query,
  useAction,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { impersonationState } from "./rules.ts";

/** What identity asks for, characters. */
const REASON = { shortest: 10, longest: 200 };

/** A button that asks why, then gives the link that opens a client's dashboard once. */
export function Impersonate({
  whom,
  name,
}: {
  whom: { userRef?: string; tenantRef?: string };
  name: string;
}) {
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const [ticket, setTicket] = useState<ImpersonationTicket>();
  const start = useAction((reason: string) => platformActions.impersonate({ ...whom, reason }), {
    renews: ["impersonations"],
    quiet: true,
    done: (answer) => {
      setAsking(false);
      setTicket(answer);
    },
  });
  const { impersonation } = ticket ?? {};
  return (
    <>
      <Button onPress={() => setAsking(true)}>Look as {name}…</Button>
      <ReasonDialog
        title={`Look at the dashboard as ${name}?`}
        confirm="Go on"
        isOpen={asking}
        onClose={() => setAsking(false)}
        onConfirm={(reason) => start.mutate(reason)}
        isPending={start.isPending}
        failure={start.error ? <Failure of={start.error} /> : null}
        help={`At least ${REASON.shortest} characters. The client reads it, with your name, in their audit trail.`}
        {...REASON}
      >
        You see what they see for half an hour at most. Nothing can be changed: what you try is refused and
        written down.
      </ReasonDialog>
      <Dialog
        title={`The dashboard, as ${impersonation?.userName}`}
        isOpen={ticket !== undefined}
        onClose={() => setTicket(undefined)}
        footer={
          <>
            <Button kind="quiet" onPress={() => setTicket(undefined)}>
              Close
            </Button>
            {ticket ? (
              <ButtonLink kind="primary" href={ticket.url} newTab onPress={() => setTicket(undefined)}>
                Open in a new tab
              </ButtonLink>
            ) : null}
          </>
        }
      >
        <p className="text-sm text-muted">
          The link opens once, until {format.dateTime(ticket?.ticketExpiresOn)}. The session ends at{" "}
          {format.time(impersonation?.expiresOn)}, or with the button over every page.
        </p>
      </Dialog>
    </>
  );
}

/** Who looked at this company's dashboard in whose place, and why. */
export function Impersonations({ tenantRef }: { tenantRef: string }) {
  const members = useQuery(platformQueries.members(tenantRef));
  const found = useQuery(platformQueries.impersonations({ tenantRef }));
  const [chosen, setChosen] = useState("");
  const choices = (members.data?.items ?? []).map((one) => ({
    value: one.userRef,
    label: one.name || one.email,
    note: one.role,
  }));
  const userRef = chosen || choices[0]?.value;
  const name = choices.find(({ value }) => value === userRef)?.label;
  return (
    <Section title="In their place">
      <div className="flex flex-wrap items-end gap-2">
        <Select
          className="w-64 max-w-full"
          label="Whose dashboard"
          choices={choices}
          value={userRef ?? ""}
          onChange={setChosen}
          placeholder="Nobody has joined yet"
          isDisabled={choices.length === 0}
        />
        {userRef && name ? <Impersonate key={userRef} whom={{ tenantRef, userRef }} name={name} /> : null}
      </div>
      <Query of={found} loading={<SkeletonRows rows={2} />}>
        {({ items }) => (
          <ul aria-label="In their place" className="divide-y divide-line border-y border-line text-sm">
            {items.length === 0 ? <li className="py-2 text-muted">Nobody has looked so far.</li> : null}
            {items.map((one) => (
              <ImpersonationRow key={one.ref} of={one} />
            ))}
          </ul>
        )}
      </Query>
    </Section>
  );
}

export function ImpersonationRow({ of }: { of: Impersonation }) {
  const format = useFormat();
  const end = useAction(() => platformActions.endImpersonation(of.ref), { renews: ["impersonations"] });
  const state = impersonationState(of, Date.now());
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 py-1">
      <span className="min-w-0 flex-1">
        {of.adminName} <span className="text-muted">as</span> {of.userName}
        <span className="block truncate text-xs text-muted" title={of.reason}>
          {of.reason}
        </span>
      </span>
      <span className={state === "over" ? "text-muted" : "font-semibold text-warn-text"}>
        {state === "looking"
          ? `Looking until ${format.time(of.expiresOn)}`
          : state === "waiting"
            ? "Not opened yet"
            : format.dateTime(of.startedOn)}
      </span>
      {state === "over" ? null : (
        <Button
          size="small"
          kind="danger"
          isPending={end.isPending}
          onPress={() => end.mutate(undefined)}
          aria-label={`End the session of ${of.adminName} as ${of.userName}`}
        >
          End
        </Button>
      )}
    </li>
  );
}
