"use client";
import { AppLink, DiffView, EmptyState, Page, Select, SkeletonText } from "@leadmetrics/ui";
import { craftQueries, dmQueries, type PromptPreview, type PromptSection, Query } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { workedOn } from "./skills/rules.ts";

/** What an agent would be told for a task, word for word, with the drafts of its skills. */
export function PromptScreen() {
  const roles = useQuery(craftQueries.roles);
  const tenants = useQuery(dmQueries.tenants);
  const [role, setRole] = useState("blog-writer");
  const [tenant, setTenant] = useState<string>();
  const [activity, setActivity] = useState<string>();
  const tenantRef = tenant ?? tenants.data?.items[0]?.ref;
  const runs = useQuery({ ...craftQueries.runsOf(tenantRef ?? "", role), enabled: tenantRef !== undefined });
  const tasks = workedOn(runs.data?.items ?? []);
  const chosen = tasks.find((one) => one.ref === activity) ?? tasks[0];
  return (
    <Page title="Prompt preview" crumbs={[{ href: "/skills", label: "Skills" }]} width="read">
      <div className="mb-6 grid grid-cols-3 gap-3 max-md:grid-cols-1">
        <Select
          label="Agent"
          choices={(roles.data?.items ?? []).map(({ name, title }) => ({ value: name, label: title }))}
          value={role}
          onChange={setRole}
        />
        <Select
          label="Tenant"
          choices={(tenants.data?.items ?? []).map(({ ref, name }) => ({ value: ref, label: name }))}
          value={tenantRef ?? ""}
          onChange={setTenant}
        />
        <Select
          label="Task"
          placeholder={runs.isPending ? "Looking…" : "None yet"}
          isDisabled={tasks.length === 0}
          choices={tasks.map(({ ref, title }) => ({ value: ref, label: title }))}
          value={chosen?.ref ?? ""}
          onChange={setActivity}
        />
      </div>
      <Query of={tenants} loading={<SkeletonText lines={10} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="messages-square" title="No tenant is assigned to you">
              A prompt is made of a tenant's own material. A super admin assigns tenants to reviewers.
            </EmptyState>
          ) : (
            <Query of={runs} loading={<SkeletonText lines={10} />}>
              {() =>
                chosen && tenantRef ? (
                  <Preview
                    key={`${role}:${chosen.ref}`}
                    tenantRef={tenantRef}
                    activityRef={chosen.ref}
                    role={role}
                  />
                ) : (
                  <EmptyState icon="messages-square" title="This agent has done nothing for this tenant yet">
                    A prompt is made for a task. Choose another agent or tenant, or come back when a plan is
                    approved.
                  </EmptyState>
                )
              }
            </Query>
          )
        }
      </Query>
    </Page>
  );
}

function Preview({ tenantRef, activityRef, role }: { tenantRef: string; activityRef: string; role: string }) {
  const prompt = useQuery(craftQueries.prompt(tenantRef, activityRef, role));
  return (
    <Query of={prompt} loading={<SkeletonText lines={14} />}>
      {(data) => <Sections prompt={data} />}
    </Query>
  );
}

function Sections({ prompt }: { prompt: PromptPreview }) {
  const changed = prompt.sections.filter((section) => section.changed).length;
  const more = prompt.tokens - prompt.publishedTokens;
  return (
    <>
      <p className="mb-3 text-sm text-muted">
        <span className="tabular font-semibold text-text">≈ {prompt.tokens.toLocaleString()} tokens</span>
        {changed > 0
          ? ` with the drafts: ${changed === 1 ? "one section changes" : `${changed} sections change`}, ${Math.abs(more).toLocaleString()} tokens ${more < 0 ? "fewer" : "more"} than now.`
          : ", as agents are told it now."}{" "}
        The dots stand in the place of secret marks around other people's words; nothing else is left out.
      </p>
      <ol className="border-t border-line">
        {prompt.sections.map((section, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the sections of a prompt have an order and no names of their own
          <Section key={index} section={section} />
        ))}
      </ol>
      <p className="mt-4 text-sm text-muted">
        Skills:{" "}
        {prompt.skills.length === 0
          ? "none"
          : prompt.skills.map(({ name, number }, index) => (
              <span key={name}>
                {index > 0 ? ", " : ""}
                <AppLink href={`/skills/${name}`} className="text-accent underline underline-offset-2">
                  {name}
                </AppLink>{" "}
                {number === 0 ? "as delivered" : `version ${number}`}
              </span>
            ))}
      </p>
    </>
  );
}

function Section({ section }: { section: PromptSection }) {
  return (
    <li className="border-b border-line">
      <details open={section.changed}>
        <summary className="flex min-h-9 cursor-default items-center gap-3 py-1 text-sm max-md:min-h-11">
          <span className="min-w-0 flex-1 truncate font-semibold">{section.title}</span>
          {section.changed ? <span className="text-xs text-accent">Changed by a draft</span> : null}
          <span className="text-xs text-muted max-md:hidden">{section.system ? "system" : "task"}</span>
          <span className="tabular w-16 text-right text-xs text-muted">
            ≈ {section.tokens.toLocaleString()}
          </span>
        </summary>
        <div className="pb-4">
          {section.changed ? (
            <DiffView asWritten before={section.publishedText} after={section.text} />
          ) : (
            <pre
              className="max-h-[32rem] overflow-auto font-mono text-xs leading-5 whitespace-pre-wrap"
              dir="auto"
            >
              {section.text}
            </pre>
          )}
        </div>
      </details>
    </li>
  );
}
