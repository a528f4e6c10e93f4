"use client";
import { Page, part, SkeletonRows } from "@leadmetrics/ui";
import { craftQueries, Query } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { Split } from "./Split.tsx";
import { creditsOf } from "./templates/rules.ts";

const TemplateEditor = part(
  async () => (await import("./templates/TemplateEditor.tsx")).TemplateEditor,
  <SkeletonRows rows={8} />,
);

/** The steps each kind of content goes through. */
export function TemplatesScreen() {
  const templates = useQuery(craftQueries.templates);
  const roles = useQuery(craftQueries.roles);
  const wanted = useSearchParams().get("kind");
  const loading = (
    <div className="p-6">
      <SkeletonRows rows={6} />
    </div>
  );
  return (
    <Page title="Templates" width="fill">
      <Query of={templates} loading={loading}>
        {({ templates: all, themeCharacters }) => {
          const selected = all.find(({ contentType }) => contentType === wanted) ?? all[0];
          return (
            <Split
              label="Templates"
              items={all.map((one) => ({
                key: one.contentType,
                href: `/templates?kind=${one.contentType}`,
                title: one.name,
                note: (
                  <span className="tabular">
                    {one.number === 0 ? "As delivered" : `Version ${one.number}`} ·{" "}
                    {creditsOf(one.versions[0]?.steps ?? [])} credits an item
                  </span>
                ),
              }))}
              selected={selected?.contentType}
              opened={wanted !== null}
            >
              {selected ? (
                <Query of={roles} loading={<SkeletonRows rows={6} />}>
                  {({ items }) => (
                    <TemplateEditor
                      key={`${selected.contentType}:${selected.number}`}
                      template={selected}
                      roles={items}
                      themeCharacters={themeCharacters}
                      onReload={() => void templates.refetch()}
                    />
                  )}
                </Query>
              ) : null}
            </Split>
          );
        }}
      </Query>
    </Page>
  );
}
