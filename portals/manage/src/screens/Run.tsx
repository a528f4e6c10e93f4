"use client";
import {
  AppLink,
  Button,
  type Column,
  CopyCode,
  DataTable,
  ErrorNote,
  Facts,
  Page,
  ReasonDialog,
  Section,
  SidePanel,
  SkeletonRows,
  Status,
  toast,
} from "@leadmetrics/ui";
import {
  costText,
  Failure,
  type ModelCall,
  noteOf,
  platformActions,
  platformQueries,
  Query,
  type Run,
  type RunEvent,
  roleTitle,
  standingText,
  useAction,
  useAmount,
  useFormat,
  whyOf,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTenantNames } from "./useTenantNames.ts";

const live = new Set(["requested", "admitted", "working", "awaiting_credits", "awaiting_config"]);

/** One run down to its calls of models. */
export function RunScreen({ tenantRef, runRef }: { tenantRef: string; runRef: string }) {
  const run = useQuery(platformQueries.run(tenantRef, runRef));
  const [asking, setAsking] = useState(false);
  const cancel = useAction((reason: string) => platformActions.cancelRun(tenantRef, runRef, reason), {
    renews: ["runs"],
    quiet: true,
    done: () => {
      setAsking(false);
      toast("Cancelled. Its credits are free again.");
    },
  });
  return (
    <Page
      title={run.data?.title || "Run"}
      crumbs={[{ href: "/runs", label: "Runs" }]}
      actions={
        run.data && live.has(run.data.status) ? (
          <Button kind="danger" onPress={() => setAsking(true)}>
            Cancel run
          </Button>
        ) : null
      }
    >
      <Query of={run}>
        {(data) => (
          <div className="flex flex-col gap-8">
            <About run={data} />
            <Calls tenantRef={tenantRef} runRef={runRef} />
            <Said tenantRef={tenantRef} runRef={runRef} />
          </div>
        )}
      </Query>
      <ReasonDialog
        title="Cancel this run?"
        confirm="Cancel run"
        danger
        isOpen={asking}
        onClose={() => setAsking(false)}
        onConfirm={(reason) => cancel.mutate(reason)}
        isPending={cancel.isPending}
        failure={cancel.error ? <Failure of={cancel.error} /> : null}
      >
        The call of the model is stopped and the reserved credits are released. What it wrote so far stays
        here.
      </ReasonDialog>
    </Page>
  );
}

function About({ run }: { run: Run }) {
  const format = useFormat();
  const amount = useAmount();
  const nameOf = useTenantNames();
  const took =
    run.startedOn && run.finishedOn ? Date.parse(run.finishedOn) - Date.parse(run.startedOn) : undefined;
  return (
    <>
      {whyOf(run) ? <ErrorNote message={whyOf(run)} /> : null}
      <div className="grid gap-x-12 gap-y-4 border-y border-line py-5 md:grid-cols-2">
        <Facts
          items={[
            ["State", <Status key="s" state={run.status} />],
            [
              "Role",
              <span key="r" className="text-agent">
                {roleTitle(run.role)}
              </span>,
            ],
            [
              "Tenant",
              <AppLink key="t" href={`/tenants/${run.tenantRef}`} className="hover:underline">
                {nameOf(run.tenantRef)}
              </AppLink>,
            ],
            ["Model", [run.adapter, run.model].filter(Boolean).join(" · ")],
            ["Instead of", run.fallbackReason],
            ["Attempt", run.attempt],
            ["Kind of error", run.errorClass],
            ["Caps", (run.activityCaps ?? []).map((cap) => standingText(cap, amount)).join(". ")],
          ]}
        />
        <Facts
          items={[
            ["Cost", costText(run.usage, run.credits) || "none"],
            [
              "Tokens",
              run.usage
                ? `${format.number(run.usage.inputTokens)} in, ${format.number(run.usage.outputTokens)} out, ${format.number(run.usage.cachedTokens)} cached`
                : undefined,
            ],
            ["Asked for", format.dateTime(run.requestedOn ?? undefined)],
            ["Took", took === undefined ? undefined : format.duration(took)],
            ["Reference", <CopyCode key="r" value={run.ref} />],
          ]}
        />
      </div>
    </>
  );
}

function Calls({ tenantRef, runRef }: { tenantRef: string; runRef: string }) {
  const calls = useQuery(platformQueries.calls(tenantRef, runRef));
  const format = useFormat();
  const [open, setOpen] = useState<ModelCall>();
  const columns: Column<ModelCall>[] = [
    { key: "model", header: "Model", cell: (row) => [row.adapter, row.model].filter(Boolean).join(" · ") },
    { key: "outcome", header: "Outcome", cell: (row) => row.outcome, width: "8rem" },
    {
      key: "tokens",
      header: "Tokens",
      cell: (row) => format.number((row.usage?.inputTokens ?? 0) + (row.usage?.outputTokens ?? 0)),
      width: "7rem",
      align: "right",
      wide: true,
    },
    {
      key: "cost",
      header: "Cost",
      cell: (row) => format.usd(row.usage?.costMicroUsd ?? 0),
      width: "6rem",
      align: "right",
      wide: true,
    },
    {
      key: "took",
      header: "Took",
      cell: (row) => format.duration(row.durationMs),
      width: "6rem",
      align: "right",
    },
  ];
  return (
    <Section title="Calls of models">
      <Query of={calls} loading={<SkeletonRows rows={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="border-y border-line py-3 text-sm text-muted">
              None yet: the run hasn't reached a model.
            </p>
          ) : (
            <DataTable
              label="Calls of models"
              columns={columns}
              rows={items}
              rowKey={(row) => row.ref}
              onOpen={setOpen}
            />
          )
        }
      </Query>
      <SidePanel title="One call" isOpen={open !== undefined} onClose={() => setOpen(undefined)}>
        {open ? (
          <Facts
            items={[
              ["Model", [open.adapter, open.model].filter(Boolean).join(" · ")],
              ["Outcome", open.outcome],
              ["Attempt", open.attempt],
              ["Sent", `${format.number(open.usage?.inputTokens ?? 0)} tokens`],
              ["Answered", `${format.number(open.usage?.outputTokens ?? 0)} tokens`],
              ["Cached", `${format.number(open.usage?.cachedTokens ?? 0)} tokens`],
              ["Cost", format.usd(open.usage?.costMicroUsd ?? 0)],
              ["Took", format.duration(open.durationMs)],
              ["When", format.dateTime(open.createdOn)],
              ["Prompt", <CopyCode key="p" value={open.promptHash} />],
              ["Answer", <CopyCode key="a" value={open.responseHash} />],
              [
                "At the provider",
                open.providerRef ? <CopyCode key="o" value={open.providerRef} /> : undefined,
              ],
            ]}
          />
        ) : null}
        <p className="text-sm text-muted">
          Texts are not kept with a call, their hashes are: two calls with the same hash had the same text.
        </p>
      </SidePanel>
    </Section>
  );
}

function Said({ tenantRef, runRef }: { tenantRef: string; runRef: string }) {
  const events = useQuery(platformQueries.runEvents(tenantRef, runRef));
  return (
    <Section title="What it said">
      <Query of={events} loading={<SkeletonRows rows={4} />}>
        {({ items }) => {
          const text = items.map((one) => one.textDelta ?? "").join("");
          const steps = items.filter((one) => one.toolCall || noteOf(one));
          if (items.length === 0)
            return <p className="border-y border-line py-3 text-sm text-muted">Nothing yet.</p>;
          return (
            <div className="flex flex-col gap-4">
              <Steps steps={steps} />
              {text ? (
                <pre
                  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
                  tabIndex={0}
                  className="max-h-96 overflow-auto rounded-control bg-hover p-3 font-mono text-xs leading-5 whitespace-pre-wrap"
                >
                  {text}
                </pre>
              ) : null}
            </div>
          );
        }}
      </Query>
    </Section>
  );
}

function Steps({ steps }: { steps: readonly RunEvent[] }) {
  const format = useFormat();
  if (steps.length === 0) return null;
  return (
    <ol className="divide-y divide-line border-y border-line text-sm">
      {steps.map((one) => (
        <li key={String(one.sequence)} className="flex min-h-9 items-center gap-4">
          <span className="min-w-0 flex-1 truncate">{noteOf(one) || one.toolCall}</span>
          <time dateTime={one.occurredOn} className="tabular shrink-0 text-xs text-muted">
            {format.time(one.occurredOn)}
          </time>
        </li>
      ))}
    </ol>
  );
}
