"use client";
import {
  Button,
  cx,
  Dialog,
  ErrorNote,
  Page,
  part,
  Section,
  SkeletonRows,
  Status,
  toast,
} from "@leadmetrics/ui";
import {
  ApiError,
  Failure,
  type Plan,
  Query,
  tenantActions,
  tenantQueries,
  useAction,
  useFormat,
  useMayEdit,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Credits } from "./plan/Credits.tsx";
import { Deliverables } from "./plan/Deliverables.tsx";
import { creditsOfAll, itemsOf, mistakes, toForm, toInput } from "./plan/rules.ts";

const PlanEditor = part(async () => (await import("./plan/PlanEditor.tsx")).PlanEditor, <SkeletonRows />);
const PlanProgress = part(
  async () => (await import("./plan/PlanProgress.tsx")).PlanProgress,
  <SkeletonRows />,
);

export function PlanScreen({ refOf }: { refOf: string }) {
  const plan = useQuery(tenantQueries.plan(refOf));
  return (
    <Page title={plan.data?.title ?? "Plan"} crumbs={[{ href: "/plans", label: "Plans" }]}>
      <Query of={plan} loading={<SkeletonRows />}>
        {(data) => <PlanView plan={data} />}
      </Query>
    </Page>
  );
}

function PlanView({ plan }: { plan: Plan }) {
  const format = useFormat();
  const mayEdit = useMayEdit();
  const templates = useQuery(tenantQueries.templates);
  const [form, setForm] = useState(() => toForm(plan));
  const [asking, setAsking] = useState(false);
  const open = plan.status === "awaiting_approval";
  const dirty = JSON.stringify(toInput(form)) !== JSON.stringify(toInput(toForm(plan)));
  // Somebody else's change shows, unless it would take away what is being typed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new version of the plan may replace the form
  useEffect(() => {
    if (!dirty) setForm(toForm(plan));
  }, [plan.version]);
  const save = useAction(
    () => tenantActions.savePlan(plan.ref, { ...toInput(form), version: plan.version }),
    { renews: ["plans"], quiet: true },
  );
  const approve = useAction(
    async () => {
      const version = dirty
        ? (await tenantActions.savePlan(plan.ref, { ...toInput(form), version: plan.version })).version
        : plan.version;
      return tenantActions.approvePlan(plan.ref, version);
    },
    {
      renews: ["plans", "periods", "credits", "activities", "runs"],
      done: () => {
        setAsking(false);
        toast("Approved. The planner is turning the plan into items now.", { tone: "ok" });
      },
      quiet: true,
    },
  );
  const wrong = mistakes(form);
  const refused = save.error instanceof ApiError ? save.error.fields : {};
  const items = itemsOf(form);
  const credits = (templates.data && creditsOfAll(form.rows, templates.data.items)) || plan.estimatedCredits;

  return (
    <div className="flex flex-col gap-8">
      <div className="flex flex-wrap items-center gap-3 text-sm">
        <Status state={plan.status} />
        {plan.approvedOn ? <span className="text-muted">{format.dateTime(plan.approvedOn)}</span> : null}
      </div>
      {plan.planningError ? <ErrorNote message={plan.planningError} /> : null}
      {open ? null : <PlanProgress plan={plan} />}
      <div className={cx("grid gap-x-12 gap-y-8", open && "lg:grid-cols-[minmax(0,1fr)_240px]")}>
        <Section title="Deliverables">
          {save.error ? <Failure of={save.error} /> : null}
          {open && mayEdit ? (
            <PlanEditor form={form} onChange={setForm} errors={{ ...refused, ...wrong }} />
          ) : (
            <Deliverables plan={plan} />
          )}
        </Section>
        {open ? (
          <aside aria-label="Credits" className="flex flex-col gap-6 lg:pt-11">
            <Credits needed={credits}>
              {mayEdit ? (
                <div className="flex flex-col gap-2">
                  <Button
                    kind="primary"
                    isDisabled={Object.keys(wrong).length > 0}
                    onPress={() => setAsking(true)}
                  >
                    Approve plan
                  </Button>
                  {dirty ? (
                    <Button isPending={save.isPending} onPress={() => save.mutate(undefined)}>
                      Save without approving
                    </Button>
                  ) : null}
                </div>
              ) : null}
            </Credits>
            <p className="text-sm text-muted">
              Then the planner proposes {items} {items === 1 ? "item" : "items"}, agents research and write,
              the DM team reads each draft, and you decide before anything is published.
            </p>
          </aside>
        ) : null}
      </div>
      <Dialog
        title={`Approve “${form.title}”?`}
        isOpen={asking}
        onClose={() => setAsking(false)}
        footer={
          <>
            <Button kind="quiet" onPress={() => setAsking(false)}>
              Not yet
            </Button>
            <Button kind="primary" isPending={approve.isPending} onPress={() => approve.mutate(undefined)}>
              Approve and start
            </Button>
          </>
        }
      >
        {approve.error ? <Failure of={approve.error} /> : null}
        <p>
          Agents start within a minute. {items} {items === 1 ? "item" : "items"} between{" "}
          {format.date(form.start)} and {format.date(form.end)}, about {format.number(credits)} credits.
          Quantities are fixed from then on; single items can still be held or cancelled.
        </p>
      </Dialog>
    </div>
  );
}
