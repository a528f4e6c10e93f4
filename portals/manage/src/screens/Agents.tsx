"use client";
import {
  type Column,
  cx,
  DataTable,
  EmptyState,
  Page,
  part,
  Section,
  Select,
  SkeletonRows,
  Tabs,
} from "@leadmetrics/ui";
import { adminQueries, platformQueries, Query, type Role, roleTitle, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { sumOf } from "./costs/rules.ts";

const ConfigPanel = part(
  async () => (await import("./agents/ConfigPanel.tsx")).ConfigPanel,
  <SkeletonRows rows={6} />,
);
const DefaultFallbacks = part(
  async () => (await import("./agents/Fallbacks.tsx")).DefaultFallbacks,
  <SkeletonRows rows={6} />,
);
const DefaultCaps = part(
  async () => (await import("./budgets/DefaultCaps.tsx")).DefaultCaps,
  <SkeletonRows rows={6} />,
);

/** The roles there are, and how each is configured for a tenant. */
export function AgentsScreen() {
  const tenant = useSearchParams().get("tenant") ?? "";
  const [tab, setTab] = useState(tenant ? "configs" : "roles");
  return (
    <Page title="Agents">
      <Tabs
        label="Agents"
        selected={tab}
        onSelect={setTab}
        items={[
          { id: "roles", label: "Roles", content: <Roles /> },
          { id: "configs", label: "Configuration by tenant", content: <Configs initial={tenant} /> },
          { id: "fallbacks", label: "Fallbacks", content: <DefaultFallbacks /> },
          { id: "caps", label: "Caps", content: <DefaultCaps /> },
        ]}
      />
    </Page>
  );
}

function Roles() {
  const roles = useQuery(platformQueries.roles);
  const figures = useQuery(platformQueries.runFigures("role", 14));
  const format = useFormat();
  const of = (name: string) => sumOf((figures.data?.items ?? []).filter((row) => row.key === name));
  const columns: Column<Role>[] = [
    { key: "title", header: "Role", cell: (row) => <span className="text-agent">{row.title}</span> },
    { key: "credits", header: "Credits a run", cell: (row) => row.credits, width: "8rem", align: "right" },
    {
      key: "runs",
      header: "Runs, 14 days",
      cell: (row) => format.number(of(row.name).runs),
      width: "9rem",
      align: "right",
      wide: true,
    },
    {
      key: "failed",
      header: "Failed",
      cell: (row) => {
        const { failed } = of(row.name);
        return <span className={cx(failed > 0 && "text-bad")}>{format.number(failed)}</span>;
      },
      width: "6rem",
      align: "right",
      wide: true,
    },
    {
      key: "cost",
      header: "Spend",
      cell: (row) => format.usd(of(row.name).cost),
      width: "7rem",
      align: "right",
      wide: true,
    },
    {
      key: "adapter",
      header: "Adapter unless set",
      cell: (row) => <span className="text-muted">{row.defaultAdapter}</span>,
      width: "10rem",
      wide: true,
    },
    {
      key: "skills",
      header: "Skills",
      cell: (row) => <span className="text-muted">{row.skills.map(roleTitle).join(", ")}</span>,
      wide: true,
    },
  ];
  return (
    <Query of={roles}>
      {({ items }) => <DataTable label="Roles" columns={columns} rows={items} rowKey={(row) => row.name} />}
    </Query>
  );
}

function Configs({ initial }: { initial: string }) {
  const tenants = useQuery(adminQueries.tenants);
  const router = useRouter();
  const [chosen, setChosen] = useState(initial);
  const tenantRef = chosen || tenants.data?.items[0]?.ref || "";
  const choose = (ref: string) => {
    setChosen(ref);
    router.replace(`/agents?tenant=${ref}`);
  };
  return (
    <Query of={tenants}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState icon="bot" title="No tenant yet">
            Agents are configured for a tenant: create one first.
          </EmptyState>
        ) : (
          <div className="flex flex-col gap-6">
            <Select
              label="Tenant"
              className="max-w-72"
              choices={items.map((one) => ({ value: one.ref, label: one.name }))}
              value={tenantRef}
              onChange={choose}
            />
            <Section title="How its roles work">
              <ConfigPanel key={tenantRef} tenantRef={tenantRef} />
            </Section>
          </div>
        )
      }
    </Query>
  );
}
