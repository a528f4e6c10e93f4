"use client";
import { Button, type Column, DataTable, SidePanel } from "@leadmetrics/ui";
import { type AgentConfig, platformQueries, Query, type Role } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ConfigForm } from "./ConfigForm.tsx";

/** Stands for every role without a configuration of its own. */
const ANY = "*";

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
          <ConfigForm
            key={open.role}
            tenantRef={tenantRef}
            role={open.role}
            config={open.config}
            canTest={open.role !== ANY}
            onClose={() => setOpen(undefined)}
          />
        ) : (
          <Button onPress={() => setOpen(undefined)}>Close</Button>
        )}
      </SidePanel>
    </>
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
