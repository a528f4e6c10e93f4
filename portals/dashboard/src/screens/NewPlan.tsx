"use client";
import { Button, Page } from "@leadmetrics/ui";
import { ApiError, Failure, tenantActions, tenantQueries, useAction } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Credits } from "./plan/Credits.tsx";
import { PlanEditor } from "./plan/PlanEditor.tsx";
import { creditsOfAll, emptyPlan, mistakes, toInput, withChannel } from "./plan/rules.ts";

export function NewPlanScreen() {
  const router = useRouter();
  const templates = useQuery(tenantQueries.templates);
  const channels = useQuery(tenantQueries.channels);
  const [written, setForm] = useState(() => emptyPlan(new Date(), "en"));
  const form = withChannel(written, channels.data?.items ?? []);
  const [tried, setTried] = useState(false);
  const save = useAction(() => tenantActions.createPlan(toInput(form)), {
    renews: ["plans"],
    done: (plan) => router.push(`/plans/${plan.ref}`),
    quiet: true,
  });
  const wrong = mistakes(form);
  const submit = () => {
    setTried(true);
    if (Object.keys(wrong).length === 0) save.mutate(undefined);
  };
  const refused = save.error instanceof ApiError ? save.error.fields : {};
  return (
    <Page title="New plan" crumbs={[{ href: "/plans", label: "Plans" }]}>
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_240px]">
        <div className="flex flex-col gap-4">
          {save.error ? <Failure of={save.error} /> : null}
          <PlanEditor form={form} onChange={setForm} errors={tried ? { ...refused, ...wrong } : refused} />
        </div>
        <aside aria-label="Credits" className="flex flex-col gap-6">
          <Credits needed={templates.data ? creditsOfAll(form.rows, templates.data.items) : undefined}>
            <Button kind="primary" isPending={save.isPending} onPress={submit}>
              Save the plan
            </Button>
          </Credits>
          <p className="text-sm text-muted">
            Nothing starts yet. You look at it once more and approve it on the next page.
          </p>
        </aside>
      </div>
    </Page>
  );
}
