"use client";
import {
  Button,
  ButtonLink,
  Code,
  Facts,
  NumberStepper,
  Page,
  part,
  ReasonDialog,
  Section,
  Select,
  SkeletonRows,
  Status,
  TextField,
  toast,
} from "@leadmetrics/ui";
import {
  actorName,
  adminActions,
  adminQueries,
  capitalised,
  Failure,
  Query,
  type Tenant,
  useAction,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Plan } from "./tenant/Plan.tsx";

const end = () => import("./tenant/End.tsx");
const TenantCaps = part(
  async () => (await import("./budgets/TenantCaps.tsx")).TenantCaps,
  <Section title="Caps">
    <SkeletonRows rows={5} />
  </Section>,
);
const Contracts = part(
  async () => (await import("./tenant/Contract.tsx")).Contracts,
  <SkeletonRows rows={2} />,
);
const Impersonations = part(
  async () => (await import("./tenant/Impersonate.tsx")).Impersonations,
  <SkeletonRows rows={2} />,
);
const Export = part(async () => (await end()).Export, <SkeletonRows rows={1} />);
const Deletion = part(async () => (await end()).Deletion, <SkeletonRows rows={1} />);

/** One tenant as the platform sees it: who reviews it, its credits, its trail, and whether it runs. */
export function TenantScreen({ refOf }: { refOf: string }) {
  const tenants = useQuery(adminQueries.tenants);
  const tenant = tenants.data?.items.find((one) => one.ref === refOf);
  return (
    <Page title={tenant?.name ?? "Tenant"} crumbs={[{ href: "/tenants", label: "Tenants" }]} width="read">
      <Query of={tenants}>
        {() =>
          tenant ? (
            <div className="flex flex-col gap-10">
              <About tenant={tenant} />
              <Plan tenantRef={refOf} />
              <TenantCaps tenantRef={refOf} />
              <Grant tenantRef={refOf} />
              <Reviewers tenantRef={refOf} />
              <Impersonations tenantRef={refOf} />
              <Contracts tenantRef={refOf} />
              <Trail tenantRef={refOf} />
              <Export tenantRef={refOf} />
              <Deletion tenant={tenant} />
            </div>
          ) : (
            <p className="text-muted">There is no such tenant.</p>
          )
        }
      </Query>
    </Page>
  );
}

function About({ tenant }: { tenant: Tenant }) {
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const next = tenant.status === "active" ? "suspended" : "active";
  const change = useAction((reason: string) => adminActions.setStatus(tenant.ref, { status: next, reason }), {
    renews: ["tenants"],
    quiet: true,
    done: () => {
      setAsking(false);
      toast(next === "active" ? "Active again." : "Suspended.");
    },
  });
  const verb = next === "suspended" ? "Suspend" : "Reactivate";
  return (
    <Section
      title="About"
      aside={
        <Button kind={next === "suspended" ? "danger" : "plain"} onPress={() => setAsking(true)}>
          {verb}…
        </Button>
      }
    >
      <Facts
        items={[
          ["State", <Status key="s" state={tenant.status} />],
          ["Since", format.date(tenant.createdOn)],
          ["Time zone", tenant.timeZone],
          ["Locale", tenant.locale],
          ["Currency", tenant.currency],
          ["Models", tenant.localOnly ? "never a cloud model" : "any configured model"],
          ["Reference", <Code key="r">{tenant.ref}</Code>],
        ]}
      />
      <ReasonDialog
        title={`${verb} ${tenant.name}?`}
        confirm={verb}
        danger={next === "suspended"}
        isOpen={asking}
        onClose={() => setAsking(false)}
        onConfirm={(reason) => change.mutate(reason)}
        isPending={change.isPending}
        failure={change.error ? <Failure of={change.error} /> : null}
      >
        {next === "suspended"
          ? "Its data stays. Nobody signs in and nothing runs until it is active again."
          : "People sign in again and waiting work goes on."}
      </ReasonDialog>
    </Section>
  );
}

function Reviewers({ tenantRef }: { tenantRef: string }) {
  const reviewers = useQuery(adminQueries.reviewers(tenantRef));
  const people = useQuery(adminQueries.users("reviewer"));
  const [chosen, setChosen] = useState("");
  const assign = useAction((userRef: string) => adminActions.assign(tenantRef, userRef), {
    renews: ["reviewers"],
    done: () => setChosen(""),
  });
  const unassign = useAction((userRef: string) => adminActions.unassign(tenantRef, userRef), {
    renews: ["reviewers"],
  });
  const assigned = new Set((reviewers.data?.items ?? []).map((one) => one.userRef));
  const free = (people.data?.items ?? [])
    .filter((one) => !assigned.has(one.ref))
    .map((one) => ({ value: one.ref, label: one.name || one.email, note: one.email }));
  return (
    <Section title="Reviewers">
      <Query of={reviewers} loading={<SkeletonRows rows={2} />}>
        {({ items }) => (
          <ul className="divide-y divide-line border-y border-line text-sm">
            {items.length === 0 ? (
              <li className="py-2 text-warn-text">
                Nobody reviews this tenant: its drafts wait until somebody does.
              </li>
            ) : null}
            {items.map((one) => (
              <li key={one.userRef} className="flex min-h-9 items-center gap-3">
                <span className="flex-1">
                  {one.name || one.email} <span className="text-muted">{one.name ? one.email : ""}</span>
                </span>
                <Button kind="quiet" size="small" onPress={() => unassign.mutate(one.userRef)}>
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Query>
      <div className="flex max-w-md items-end gap-2">
        <Select
          className="flex-1"
          label="Assign a reviewer"
          choices={free}
          value={chosen}
          onChange={setChosen}
          placeholder={free.length === 0 ? "No further reviewers" : "Choose"}
          isDisabled={free.length === 0}
        />
        <Button isDisabled={!chosen} isPending={assign.isPending} onPress={() => assign.mutate(chosen)}>
          Assign
        </Button>
      </div>
    </Section>
  );
}

function Grant({ tenantRef }: { tenantRef: string }) {
  const [credits, setCredits] = useState(100);
  const [note, setNote] = useState("");
  const format = useFormat();
  const grant = useAction(() => adminActions.grantCredits(tenantRef, { credits, note: note.trim() }), {
    renews: ["credits"],
    quiet: true,
    done: (balance) => {
      setNote("");
      toast(`Granted. ${format.number(Number(balance.available))} credits are free now.`, { tone: "ok" });
    },
  });
  return (
    <Section title="Grant credits">
      {grant.error ? <Failure of={grant.error} /> : null}
      <div className="flex flex-wrap items-end gap-3">
        <NumberStepper
          label="Credits"
          min={10}
          max={100_000}
          step={10}
          value={credits}
          onChange={setCredits}
        />
        <TextField className="min-w-52 flex-1" label="Note" value={note} onChange={setNote} maxLength={200} />
        <Button
          isPending={grant.isPending}
          isDisabled={note.trim().length < 3}
          onPress={() => grant.mutate(undefined)}
        >
          Grant
        </Button>
      </div>
    </Section>
  );
}

/** So many of the newest entries; the explorer shows the rest. */
const NEWEST = 8;

function Trail({ tenantRef }: { tenantRef: string }) {
  const audit = useQuery(adminQueries.audit(tenantRef));
  const people = useQuery(adminQueries.users());
  const nameOf = (ref: string | undefined) => people.data?.items.find((one) => one.ref === ref)?.name;
  const format = useFormat();
  return (
    <Section
      title="Audit trail"
      aside={
        <ButtonLink size="small" href={`/audit?tenant=${tenantRef}`}>
          Look through it
        </ButtonLink>
      }
    >
      <Query of={audit} loading={<SkeletonRows rows={5} />}>
        {({ items }) => (
          <ol className="divide-y divide-line border-y border-line text-sm">
            {items.length === 0 ? <li className="py-2 text-muted">Nothing is recorded yet.</li> : null}
            {items.slice(0, NEWEST).map((one) => (
              <li key={one.ref} className="flex min-h-9 items-center gap-3">
                <span className="min-w-0 flex-1 truncate">{capitalised(one.summary || one.action)}</span>
                <span className="max-w-40 truncate text-muted">
                  {one.actorName || nameOf(one.actor?.id) || actorName(one.actor) || "Someone"}
                </span>
                <span className="text-muted max-md:hidden">{format.dateTime(one.occurredOn)}</span>
              </li>
            ))}
          </ol>
        )}
      </Query>
    </Section>
  );
}
