"use client";
import { Button, DraftView, Page, part, Section, SkeletonText, Status, Tabs, toast } from "@leadmetrics/ui";
import {
  ApiError,
  Failure,
  Query,
  type Strategy,
  tenantActions,
  tenantQueries,
  useAction,
  useFormat,
  useMayEdit,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { GoalLine } from "./home/GoalLine.tsx";
import { mistakes, toForm, toInput } from "./strategy/rules.ts";

const StrategyEditor = part(
  async () => (await import("./strategy/StrategyEditor.tsx")).StrategyEditor,
  <SkeletonText />,
);
const Versions = part(async () => (await import("./strategy/Versions.tsx")).Versions, <SkeletonText />);

export function StrategyScreen({ refOf }: { refOf: string }) {
  const strategy = useQuery(tenantQueries.strategy(refOf));
  const [editing, setEditing] = useState(false);
  const mayEdit = useMayEdit();
  const approve = useAction((one: Strategy) => tenantActions.approveStrategy(one.ref, one.version), {
    renews: ["strategies", "goals"],
    done: () => toast("Approved. Plans can serve its goals now.", { tone: "ok" }),
  });
  const data = strategy.data;
  const actions =
    data && mayEdit && !editing ? (
      <>
        <Button onPress={() => setEditing(true)}>Edit</Button>
        {data.status === "draft" ? (
          <Button kind="primary" isPending={approve.isPending} onPress={() => approve.mutate(data)}>
            Approve
          </Button>
        ) : null}
      </>
    ) : null;
  return (
    <Page
      title={data?.title ?? "Strategy"}
      crumbs={[{ href: "/strategy", label: "Strategy" }]}
      actions={actions}
    >
      <Query of={strategy} loading={<SkeletonText />}>
        {(one) =>
          editing ? <Edit strategy={one} onDone={() => setEditing(false)} /> : <Read strategy={one} />
        }
      </Query>
    </Page>
  );
}

function Read({ strategy }: { strategy: Strategy }) {
  const format = useFormat();
  // A strategy carries its goals without what was measured since.
  const measured = useQuery(tenantQueries.goals);
  const goals = strategy.goals.map(
    (goal) => measured.data?.items.find((one) => one.ref === goal.ref) ?? goal,
  );
  const now = Date.now();
  return (
    <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_320px]">
      <div className="flex flex-col gap-6">
        <p className="flex items-center gap-3 text-sm text-muted">
          <Status state={strategy.status} className="text-text" /> {strategy.horizonMonths} months · version{" "}
          {strategy.version} · {format.relative(strategy.updatedOn ?? strategy.createdOn)}
        </p>
        <Tabs
          label="The strategy"
          items={[
            { id: "text", label: "Text", content: <DraftView markdown={strategy.body} /> },
            { id: "versions", label: "Versions", content: <Versions strategyRef={strategy.ref} /> },
          ]}
        />
      </div>
      <Section title="Goals">
        <ul className="flex flex-col gap-6">
          {goals.map((goal) => (
            <li key={goal.ref}>
              <GoalLine goal={goal} now={now} />
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}

function Edit({ strategy, onDone }: { strategy: Strategy; onDone: () => void }) {
  const [form, setForm] = useState(() => toForm(strategy));
  const [version] = useState(strategy.version);
  const wrong = mistakes(form);
  const save = useAction(() => tenantActions.saveStrategy(strategy.ref, { ...toInput(form), version }), {
    renews: ["strategies", "goals"],
    done: onDone,
    quiet: true,
  });
  const refused = save.error instanceof ApiError ? save.error.fields : {};
  return (
    <div className="flex max-w-[820px] flex-col gap-6">
      {strategy.status === "approved" ? (
        <p className="text-sm text-muted">Saving makes a new version, which has to be approved again.</p>
      ) : null}
      {save.error ? <Failure of={save.error} /> : null}
      <StrategyEditor form={form} onChange={setForm} errors={{ ...refused, ...wrong }} />
      <div className="flex gap-2 border-t border-line pt-4">
        <Button
          kind="primary"
          isPending={save.isPending}
          isDisabled={Object.keys(wrong).length > 0}
          onPress={() => save.mutate(undefined)}
        >
          Save
        </Button>
        <Button kind="quiet" onPress={onDone}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
