"use client";
import { Button, cx, Facts, Page, toast } from "@leadmetrics/ui";
import { type MailTemplate, platformActions, platformQueries, Query, useAction } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

/** What people are told, as they will read it. */
export function MailsScreen() {
  const templates = useQuery(platformQueries.mailTemplates);
  const [kind, setKind] = useState("");
  return (
    <Page title="Mails">
      <Query of={templates}>
        {({ items }) => {
          const chosen = items.find((one) => one.kind === kind) ?? items[0];
          if (!chosen) return null;
          return (
            <div className="grid gap-8 md:grid-cols-[17rem_1fr]">
              <nav aria-label="Templates">
                <ul className="divide-y divide-line border-y border-line">
                  {items.map((one) => (
                    <li key={one.kind}>
                      <button
                        type="button"
                        aria-current={one.kind === chosen.kind ? "true" : undefined}
                        onClick={() => setKind(one.kind)}
                        className={cx(
                          "min-h-9 w-full px-2 py-1.5 text-left text-sm max-md:min-h-11",
                          one.kind === chosen.kind ? "bg-selected font-semibold" : "hover:bg-hover",
                        )}
                      >
                        {one.description}
                      </button>
                    </li>
                  ))}
                </ul>
              </nav>
              <Preview key={chosen.kind} template={chosen} />
            </div>
          );
        }}
      </Query>
    </Page>
  );
}

function Preview({ template }: { template: MailTemplate }) {
  const send = useAction(() => platformActions.sendTestMail(template.kind), {
    renews: [],
    done: ({ sentTo }) => toast(`An example is on its way to ${sentTo}.`, { tone: "ok" }),
  });
  const by = [template.inAppByDefault ? "in the portal" : "", template.emailByDefault ? "by mail" : ""]
    .filter(Boolean)
    .join(" and ");
  return (
    <section aria-label={template.description} className="flex min-w-0 flex-col gap-4">
      <div className="flex items-start justify-between gap-4">
        <h2 className="text-md font-semibold">{template.exampleSubject}</h2>
        <Button isPending={send.isPending} onPress={() => send.mutate(undefined)}>
          Send me a test
        </Button>
      </div>
      <iframe
        title={`The mail: ${template.exampleSubject}`}
        // Nothing in it runs, and no link leads out of it.
        sandbox=""
        srcDoc={template.exampleHtml}
        className="h-80 w-full rounded-panel border border-line bg-[#faf9f7]"
      />
      <Facts
        items={[
          ["Told", `${by || "nobody"}${template.always ? ", always" : ", unless they choose otherwise"}`],
          ["Subject", <Source key="s">{template.title}</Source>],
          ["Text", <Source key="t">{template.body}</Source>],
          ["Button", <Source key="b">{template.action}</Source>],
        ]}
      />
    </section>
  );
}

/** Text as it is written, before it is filled in. */
function Source({ children }: { children: string }) {
  return <code className="font-mono text-xs break-words text-muted">{children}</code>;
}
