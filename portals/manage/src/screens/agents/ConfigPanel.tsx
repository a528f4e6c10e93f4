"use client";
import { Button, type Column, DataTable, Section, SidePanel } from "@leadmetrics/ui";
import {
  type AgentConfig,
  budgetActions,
  budgetQueries,
  type Fallback,
  platformActions,
  platformQueries,
  Query,
  type Role,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ConfigForm } from "./ConfigForm.tsx";
import { FallbackForm } from "./FallbackForm.tsx";
import { ANY, fallbackOf, stepsText } from "./fallback-rules.ts";

interface Line {
  role: string;
  title: string;
  fallback: string;
  config?: AgentConfig;
}

/** Every role of a tenant with what it works with. */
export function ConfigPanel({ tenantRef }: { tenantRef: string }) {
  const roles = useQuery(platformQueries.roles);
  const configs = useQuery(platformQueries.configs(tenantRef));
  const own = useQuery(budgetQueries.tenantFallbacks(tenantRef));
  const platform = useQuery(budgetQueries.fallbacks);
  const goesOn = (role: string) => fallbackOf(role, own.data?.items ?? [], platform.data?.items ?? []);
  const [open, setOpen] = useState<Line>();
  const columns: Column<Line>[] = [
    {
      key: "role",
      header: "Role",
      cell: (row) => <span className={row.role === ANY ? "font-semibold" : "text-agent"}>{row.title}</span>,
    },
    {
      key: "adapter",
      header: "Adapter",
      cell: (row) => row.config?.adapter ?? <span className="text-muted">{row.fallback}</span>,
      width: "12rem",
    },
    { key: "model", header: "Model", cell: (row) => row.config?.model ?? "", width: "14rem", wide: true },
    {
      key: "fallback",
      header: "Goes on with",
      cell: (row) => <span className="text-muted">{stepsText(goesOn(row.role).steps)}</span>,
      width: "14rem",
      wide: true,
    },
    {
      key: "key",
      header: "Key",
      cell: (row) => (row.config?.hasApiKey ? "its own" : ""),
      width: "7rem",
      wide: true,
    },
  ];
  return (
    <>
      <Query of={roles}>
        {(known) => (
          <Query of={configs}>
            {(own) => (
              <DataTable
                label="Configuration"
                columns={columns}
                rows={linesOf(known.items, own.items)}
                rowKey={(row) => row.role}
                onOpen={setOpen}
                selectedKey={open?.role}
              />
            )}
          </Query>
        )}
      </Query>
      <SidePanel title={open?.title ?? ""} isOpen={open !== undefined} onClose={() => setOpen(undefined)}>
        {open ? (
          <div className="flex flex-col gap-8">
            <ConfigForm
              key={open.role}
              tenantRef={tenantRef}
              role={open.role}
              config={open.config}
              canTest={open.role !== ANY}
              onClose={() => setOpen(undefined)}
            />
            {own.data && platform.data ? (
              <GoesOn
                key={`${open.role} ${versionOf(own.data.items, open.role)}`}
                tenantRef={tenantRef}
                role={open.role}
                holds={goesOn(open.role)}
                version={versionOf(own.data.items, open.role)}
                onClose={() => setOpen(undefined)}
              />
            ) : null}
          </div>
        ) : (
          <Button onPress={() => setOpen(undefined)}>Close</Button>
        )}
      </SidePanel>
    </>
  );
}

const versionOf = (own: readonly Fallback[], role: string): number =>
  own.find((one) => one.role === role)?.version ?? 0;

const SAID = {
  role: "Said for this tenant.",
  all: "As said for all roles of this tenant.",
  platform: "The platform's default.",
  nobody: "Nobody has said anything: a run waits or fails with its first model.",
} as const;

/** What the role goes on with when its model does not answer. */
function GoesOn({
  tenantRef,
  role,
  holds,
  version,
  onClose,
}: {
  tenantRef: string;
  role: string;
  holds: ReturnType<typeof fallbackOf>;
  version: number;
  onClose: () => void;
}) {
  return (
    <Section title="When it does not answer">
      <p className="text-sm text-muted">{SAID[holds.said]}</p>
      <FallbackForm
        fallback={{ steps: [...holds.steps], version }}
        store={(change) => budgetActions.setFallback(tenantRef, { role, ...change })}
        test={(step) => platformActions.testAdapter(tenantRef, role, step)}
        followDefault={
          holds.said === "role"
            ? () => budgetActions.setFallback(tenantRef, { role, steps: [], version, followDefault: true })
            : undefined
        }
        onClose={onClose}
      />
    </Section>
  );
}

function linesOf(roles: readonly Role[], configs: readonly AgentConfig[]): Line[] {
  const all = configs.find((one) => one.role === ANY);
  return [
    { role: ANY, title: "All roles without their own", fallback: "each role's own default", config: all },
    ...roles.map((role) => ({
      role: role.name,
      title: role.title,
      fallback: all ? `${all.adapter}, as all roles` : `${role.defaultAdapter}, by default`,
      config: configs.find((one) => one.role === role.name),
    })),
  ];
}
