"use client";
import { EmptyState, Page, SearchBox, Section } from "@leadmetrics/ui";
import { Query, settingsQueries } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { FeatureRow } from "./settings/FeatureRow.tsx";
import { isFound } from "./settings/rules.ts";
import { SettingRow } from "./settings/SettingRow.tsx";

/** What is set for the whole platform, and which tenants have which feature. */
export function SettingsScreen() {
  const settings = useQuery(settingsQueries.settings);
  const features = useQuery(settingsQueries.allFeatures);
  const [text, setText] = useState("");
  const all = [...(settings.data?.items ?? []), ...(features.data?.items ?? [])];
  const known = settings.data !== undefined && features.data !== undefined;
  return (
    <Page title="Settings" width="read">
      <div className="mb-6 flex">
        <SearchBox label="Find a setting" value={text} onChange={setText} className="max-w-80 flex-1" />
      </div>
      {known && !all.some((one) => isFound(one, text)) ? (
        <EmptyState icon="sliders-horizontal" title="Nothing is called that">
          No setting and no feature has “{text.trim()}” in its name or description.
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-10">
          <Query of={settings}>
            {({ items }) => (
              <Group title="Platform" text={text} items={items}>
                {(one) => <SettingRow key={one.name} setting={one} />}
              </Group>
            )}
          </Query>
          <Query of={features} loading={null}>
            {({ items }) => (
              <Group title="Features of the dashboard" text={text} items={items}>
                {(one) => <FeatureRow key={one.name} feature={one} />}
              </Group>
            )}
          </Query>
        </div>
      )}
    </Page>
  );
}

function Group<Item extends { name: string; title: string; what: string }>({
  title,
  text,
  items,
  children,
}: {
  title: string;
  text: string;
  items: readonly Item[];
  children: (item: Item) => ReactNode;
}) {
  const found = items.filter((one) => isFound(one, text));
  if (found.length === 0) return null;
  return (
    <Section title={title}>
      <ul aria-label={title} className="divide-y divide-line border-y border-line">
        {found.map(children)}
      </ul>
    </Section>
  );
}
