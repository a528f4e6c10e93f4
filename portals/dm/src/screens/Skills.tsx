"use client";
import { AppLink, EmptyState, Page, part, SkeletonRows } from "@leadmetrics/ui";
import { craftQueries, Query, type SkillLine } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { Split } from "./Split.tsx";

const SkillEditor = part(
  async () => (await import("./skills/SkillEditor.tsx")).SkillEditor,
  <SkeletonRows rows={8} />,
);

/** What agents are taught: each skill's text, its next version and those before. */
export function SkillsScreen({ name }: { name?: string }) {
  const skills = useQuery(craftQueries.skills);
  return (
    <Page
      title="Skills"
      width="fill"
      actions={
        <AppLink href="/skills/preview" className="text-sm whitespace-nowrap text-accent hover:underline">
          Prompt preview
        </AppLink>
      }
    >
      <Query
        of={skills}
        loading={
          <div className="p-6">
            <SkeletonRows rows={6} />
          </div>
        }
      >
        {({ items }) => {
          const selected = name ?? items[0]?.name;
          return selected === undefined ? (
            <div className="p-6">
              <EmptyState icon="graduation-cap" title="No skill yet">
                Skills come with a release of the platform; here they are made to fit.
              </EmptyState>
            </div>
          ) : (
            <Split
              label="Skills"
              items={items.map((skill) => ({
                key: skill.name,
                href: `/skills/${skill.name}`,
                title: skill.title,
                note: noteOf(skill),
              }))}
              selected={selected}
              opened={name !== undefined}
            >
              <SkillEditor key={selected} name={selected} />
            </Split>
          );
        }}
      </Query>
    </Page>
  );
}

function noteOf({ number, hasDraft, roles }: SkillLine) {
  return (
    <>
      <span className="tabular">
        {number === 0 ? "As delivered" : `Version ${number}`} ·{" "}
        {roles.length === 1 ? "1 agent" : `${roles.length} agents`}
      </span>
      {hasDraft ? <span className="ml-auto text-accent">Draft</span> : null}
    </>
  );
}
