"use client";
import { AppLink, OwesChip, Page, Section, Status } from "@leadmetrics/ui";
import { dmQueries, owedOf, Query, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { ContextPane } from "./queue/ContextPane.tsx";

/** One client: how it wants to sound, what is in the making, what it has promised. */
export function TenantScreen({ tenantOf }: { tenantOf: string }) {
  const tenants = useQuery(dmQueries.tenants);
  const context = useQuery(dmQueries.context(tenantOf));
  const plans = useQuery(dmQueries.plans(tenantOf));
  const activities = useQuery(dmQueries.activities(tenantOf));
  const files = useQuery(dmQueries.files(tenantOf));
  const format = useFormat();
  const name = tenants.data?.items.find((one) => one.ref === tenantOf)?.name ?? "Tenant";
  const line = "flex min-h-9 items-center gap-4 text-sm max-md:min-h-11";
  return (
    <Page title={name} crumbs={[{ href: "/tenants", label: "Tenants" }]}>
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_320px]">
        <div className="flex min-w-0 flex-col gap-10">
          <Section title="In the making">
            <Query of={activities}>
              {({ items }) => (
                <ul className="divide-y divide-line border-y border-line">
                  {items.length === 0 ? (
                    <li className={line}>
                      <span className="text-muted">Nothing yet.</span>
                    </li>
                  ) : null}
                  {items.map((one) => (
                    <li key={one.ref}>
                      <AppLink
                        href={`/activities/${tenantOf}/${one.ref}`}
                        className={`${line} hover:bg-hover`}
                      >
                        <span className="min-w-0 flex-1 truncate">{one.title}</span>
                        <span className="max-md:hidden">
                          <OwesChip owed={owedOf(one)} />
                        </span>
                        <Status state={one.status} className="w-40 max-md:w-auto" />
                      </AppLink>
                    </li>
                  ))}
                </ul>
              )}
            </Query>
          </Section>
          <Section title="Plans">
            <Query of={plans}>
              {({ items }) => (
                <ul className="divide-y divide-line border-y border-line">
                  {items.length === 0 ? (
                    <li className={line}>
                      <span className="text-muted">No plan yet.</span>
                    </li>
                  ) : null}
                  {items.map((plan) => (
                    <li key={plan.ref} className={line}>
                      <span className="min-w-0 flex-1 truncate">{plan.title}</span>
                      <span className="text-muted max-md:hidden">
                        {format.date(plan.start)} – {format.date(plan.end)}
                      </span>
                      <Status state={plan.status} className="w-40 max-md:w-auto" />
                    </li>
                  ))}
                </ul>
              )}
            </Query>
          </Section>
        </div>
        <div className="flex min-w-0 flex-col gap-10">
          <Section title="Client context">
            <Query of={context}>
              {(data) => <ContextPane context={data.context} version={data.version} />}
            </Query>
          </Section>
          <Section title="Knowledge">
            <Query of={files}>
              {({ items }) => (
                <ul className="text-sm">
                  {items.length === 0 ? <li className="text-muted">No files.</li> : null}
                  {items.map((file) => (
                    <li key={file.ref} className="flex min-h-8 items-center justify-between gap-3">
                      <span className="truncate">{file.name}</span>
                      <Status state={file.status} />
                    </li>
                  ))}
                </ul>
              )}
            </Query>
          </Section>
        </div>
      </div>
    </Page>
  );
}
