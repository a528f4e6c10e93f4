"use client";
import { AppLink, Button, Icon, Menu, ReasonDialog, Section, toast } from "@leadmetrics/ui";
import {
  ApiError,
  craftActions,
  Failure,
  type StepRole,
  type TemplateRecord,
  type TemplateStep,
  useAction,
  useFormat,
} from "@leadmetrics/web";
import { useState } from "react";
import { creditsOf, missing, problemAt, sameSteps, stepWords, withStep } from "./rules.ts";
import { StepRow } from "./StepRow.tsx";

/** One kind's steps: to change, to publish, and those before. */
export function TemplateEditor({
  template,
  roles,
  themeCharacters,
  onReload,
}: {
  template: TemplateRecord;
  roles: readonly StepRole[];
  themeCharacters: number;
  onReload: () => void;
}) {
  const told = template.versions[0]?.steps ?? [];
  const [steps, setSteps] = useState<readonly TemplateStep[]>(told);
  const [publishing, setPublishing] = useState(false);
  const publish = useAction(
    (note: string) =>
      craftActions.publishTemplate({
        contentType: template.contentType,
        baseNumber: template.number,
        steps: steps.map(({ kind, agentRole, skip }) => ({ kind, agentRole, skip })),
        note,
      }),
    {
      renews: ["templates"],
      quiet: true,
      done: (now) =>
        toast(`New ${template.name.toLowerCase()}s go through version ${now.number}`, { tone: "ok" }),
    },
  );
  const change = (next: readonly TemplateStep[]) => {
    publish.reset();
    setSteps(next);
  };
  const changed = !sameSteps(steps, told);
  const refusal = publish.error instanceof ApiError ? publish.error : undefined;
  const absent = missing(steps);
  const [before, after] = [creditsOf(told), creditsOf(steps)];
  return (
    <div className="flex flex-col gap-8">
      <header className="flex flex-col gap-1">
        <AppLink href="/templates" className="flex min-h-11 items-center mb-3 text-sm text-muted md:hidden">
          All templates
        </AppLink>
        <h2 className="text-lg font-semibold">{template.name}</h2>
        <p className="text-sm text-muted">
          {template.number === 0 ? "As delivered" : `Version ${template.number}`}. What has begun keeps the
          steps it began with; what is planned from now on takes these.
        </p>
      </header>
      <div className="flex flex-col gap-3">
        {publish.error ? <Failure of={publish.error} /> : null}
        {refusal?.code === "template_changed" ? (
          <Button className="self-start" onPress={onReload}>
            Load the steps as they are now
          </Button>
        ) : null}
        <ol aria-label="Steps" className="border-t border-line">
          {steps.map((step, index) => (
            <StepRow
              key={step.kind}
              step={step}
              index={index}
              steps={steps}
              roles={roles}
              themeCharacters={themeCharacters}
              problem={problemAt(refusal?.fields ?? {}, index)}
              onChange={change}
            />
          ))}
        </ol>
        <div className="flex flex-wrap items-center gap-3">
          {absent.length > 0 ? (
            <Menu
              label="Add a step"
              trigger={
                <Button>
                  <Icon of="plus" /> Add a step
                </Button>
              }
              actions={absent.map((kind) => ({
                id: kind,
                label: `${stepWords[kind].name}: ${stepWords[kind].does}`,
                onAction: () => change(withStep(steps, kind, roles)),
              }))}
            />
          ) : null}
          <span className="tabular text-sm text-muted">
            {changed && before !== after ? `${before} → ` : ""}
            <span className="font-semibold text-text">{after} credits</span> an item
          </span>
          <span className="flex-1" />
          {changed ? (
            <Button kind="quiet" onPress={() => change(told)}>
              Undo my changes
            </Button>
          ) : null}
          <Button kind="primary" isDisabled={!changed} onPress={() => setPublishing(true)}>
            Publish…
          </Button>
        </div>
      </div>
      <History template={template} onRestore={change} />
      <ReasonDialog
        title={`Publish version ${template.number + 1}`}
        confirm="Publish"
        isOpen={publishing}
        onClose={() => setPublishing(false)}
        onConfirm={(note) => {
          setPublishing(false);
          publish.mutate(note);
        }}
      >
        Every {template.name.toLowerCase()} that is planned after this goes through these steps, for every
        tenant, at {after} credits.
      </ReasonDialog>
    </div>
  );
}

function History({
  template,
  onRestore,
}: {
  template: TemplateRecord;
  onRestore: (steps: readonly TemplateStep[]) => void;
}) {
  const format = useFormat();
  return (
    <Section title="Versions">
      <ol className="border-t border-line">
        {template.versions.map((version) => (
          <li key={version.number} className="flex flex-col gap-1 border-b border-line py-3 text-sm">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="font-semibold">
                {version.number === 0 ? "As delivered" : `Version ${version.number}`}
              </span>
              <span className="text-muted">
                {[version.publishedByName, version.publishedOn ? format.dateTime(version.publishedOn) : ""]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
              <span className="flex-1" />
              {version.number === template.number ? (
                <span className="text-xs text-muted">In use</span>
              ) : (
                <Button size="small" kind="quiet" onPress={() => onRestore(version.steps)}>
                  <Icon of="rotate-ccw" size={14} /> Restore
                </Button>
              )}
            </div>
            {version.note ? <p>{version.note}</p> : null}
            <p className="text-muted">
              {version.steps.map(({ kind }) => stepWords[kind].name).join(" → ")} · {creditsOf(version.steps)}{" "}
              credits
            </p>
          </li>
        ))}
      </ol>
    </Section>
  );
}
