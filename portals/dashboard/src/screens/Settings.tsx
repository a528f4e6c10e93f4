"use client";
import { Page, Section, SkeletonRows, toast } from "@leadmetrics/ui";
import { frameQueries, Query, tenantActions, tenantQueries, useAction } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { ClientReviewSection } from "./settings/ClientReview.tsx";
import { CompanyForm } from "./settings/CompanyForm.tsx";

/** What only reviewers are told, whatever they choose. */
const NOT_FOR_CLIENTS = new Set(["draft_ready"]);

/** The company, how it writes dates and money, and what people are told about. */
export function SettingsScreen() {
  const tenant = useQuery(frameQueries.tenant);
  return (
    <Page title="Settings" width="read">
      <div className="flex flex-col gap-10">
        <Query of={tenant} loading={<SkeletonRows rows={4} />}>
          {(one) => (
            <Section title="Company">
              <CompanyForm key={one.version} tenant={one} onSaved={() => toast("Saved.", { tone: "ok" })} />
            </Section>
          )}
        </Query>
        <ClientReviewSection />
        <Preferences />
      </div>
    </Page>
  );
}

function Preferences() {
  const preferences = useQuery(tenantQueries.preferences);
  const save = useAction(tenantActions.savePreference, { renews: ["preferences"] });
  return (
    <Section title="What you are told about">
      <Query of={preferences} loading={<SkeletonRows rows={4} />}>
        {({ items }) => (
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b border-line text-xs text-muted">
                <th scope="col" className="py-1 text-left font-normal">
                  Event
                </th>
                <th scope="col" className="w-20 font-normal">
                  Here
                </th>
                <th scope="col" className="w-20 font-normal">
                  E-mail
                </th>
              </tr>
            </thead>
            <tbody>
              {items
                .filter((one) => !NOT_FOR_CLIENTS.has(one.kind))
                .map((one) => (
                  <tr key={one.kind} className="h-9 border-b border-line max-md:h-11">
                    <td>{one.description || one.kind.replace(/_/g, " ")}</td>
                    {(["inApp", "email"] as const).map((way) => (
                      <td key={way} className="text-center">
                        <input
                          type="checkbox"
                          className="size-4 accent-(--accent) max-md:size-6"
                          aria-label={`${one.description || one.kind}: ${way === "email" ? "e-mail" : "here"}`}
                          checked={one[way]}
                          onChange={(event) =>
                            save.mutate({
                              kind: one.kind,
                              inApp: one.inApp,
                              email: one.email,
                              [way]: event.target.checked,
                            })
                          }
                        />
                      </td>
                    ))}
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </Query>
    </Section>
  );
}
