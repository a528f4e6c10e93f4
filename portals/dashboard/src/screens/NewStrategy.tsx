"use client";
import { Button, Page } from "@leadmetrics/ui";
import { ApiError, Failure, tenantActions, useAction } from "@leadmetrics/web";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { emptyStrategy, mistakes, toInput } from "./strategy/rules.ts";
import { StrategyEditor } from "./strategy/StrategyEditor.tsx";

export function NewStrategyScreen() {
  const router = useRouter();
  const [form, setForm] = useState(() => emptyStrategy(new Date()));
  const [tried, setTried] = useState(false);
  const wrong = mistakes(form);
  const save = useAction(() => tenantActions.createStrategy(toInput(form)), {
    renews: ["strategies", "goals"],
    done: (strategy) => router.push(`/strategy/${strategy.ref}`),
    quiet: true,
  });
  const submit = () => {
    setTried(true);
    if (Object.keys(wrong).length === 0) save.mutate(undefined);
  };
  const refused = save.error instanceof ApiError ? save.error.fields : {};
  return (
    <Page title="New strategy" crumbs={[{ href: "/strategy", label: "Strategy" }]}>
      <div className="flex max-w-[820px] flex-col gap-6">
        {save.error ? <Failure of={save.error} /> : null}
        <StrategyEditor form={form} onChange={setForm} errors={tried ? { ...refused, ...wrong } : refused} />
        <div className="flex items-center gap-3 border-t border-line pt-4">
          <Button kind="primary" isPending={save.isPending} onPress={submit}>
            Save the draft
          </Button>
          <p className="text-sm text-muted">You approve it on the next page.</p>
        </div>
      </div>
    </Page>
  );
}
