"use client";
import {
  AppLink,
  Button,
  Code,
  type Column,
  DataTable,
  EmptyState,
  Facts,
  Page,
  SidePanel,
  TextField,
} from "@leadmetrics/ui";
import {
  type AuditEntry,
  actorName,
  capitalised,
  More,
  Query,
  tenantQueries,
  useFormat,
} from "@leadmetrics/web";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { type FormEvent, useState } from "react";

function nameOf(entry: AuditEntry): string {
  if (entry.actor?.kind === "agent") return actorName(entry.actor);
  // People of the platform are no members: their names are not the company's to see.
  return entry.actorName || actorName(entry.actor) || "Leadmetrics team";
}

/** Every step with who did it and the trace it belongs to, newest first. */
export function AuditScreen() {
  const params = useSearchParams();
  const router = useRouter();
  const format = useFormat();
  const filter = { entityRef: params.get("entity") ?? undefined, traceId: params.get("trace") ?? undefined };
  const wanted = filter.entityRef ?? filter.traceId ?? "";
  const audit = useInfiniteQuery(tenantQueries.audit(filter));
  const [open, setOpen] = useState<AuditEntry>();
  const columns: Column<AuditEntry>[] = [
    { key: "what", header: "What", cell: (row) => capitalised(row.summary || row.action) },
    {
      key: "who",
      header: "Who",
      cell: (row) => (
        <span className={row.actor?.kind === "agent" ? "text-agent" : undefined}>{nameOf(row)}</span>
      ),
      width: "11rem",
      wide: true,
    },
    {
      key: "trace",
      header: "Trace",
      cell: (row) => <Code>{row.traceId.slice(0, 8)}</Code>,
      width: "6rem",
      wide: true,
    },
    {
      key: "when",
      header: "When",
      cell: (row) => <span className="text-muted whitespace-nowrap">{format.dateTime(row.occurredOn)}</span>,
      width: "8rem",
      align: "right",
    },
  ];
  return (
    <Page title="Audit trail">
      <Filter key={wanted} value={wanted} onFilter={(value) => router.replace(filterHref(value))} />
      <Query of={audit}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0) {
            return (
              <EmptyState
                icon="scroll-text"
                title={wanted ? "Nothing is recorded for this" : "Nothing is recorded yet"}
              >
                Approvals, drafts, publications and changes of settings are written down here and can't be
                changed afterwards.
              </EmptyState>
            );
          }
          return (
            <>
              <DataTable
                label="Audit trail"
                columns={columns}
                rows={rows}
                rowKey={(row) => row.ref}
                onOpen={setOpen}
                selectedKey={open?.ref}
              />
              <More of={audit} />
            </>
          );
        }}
      </Query>
      <SidePanel
        title={capitalised(open?.summary || open?.action || "Entry")}
        isOpen={open !== undefined}
        onClose={() => setOpen(undefined)}
      >
        {open ? (
          <Facts
            items={[
              ["Action", <Code key="a">{open.action}</Code>],
              ["Who", nameOf(open)],
              ["When", format.dateTime(open.occurredOn)],
              [
                "About",
                <AppLink
                  key="e"
                  className="text-accent hover:underline"
                  href={`/audit?entity=${open.entityRef}`}
                  onClick={() => setOpen(undefined)}
                >
                  {open.entityKind.replace(/_/g, " ")} {open.entityRef}
                </AppLink>,
              ],
              [
                "Trace",
                <AppLink
                  key="t"
                  className="text-accent hover:underline"
                  href={`/audit?trace=${open.traceId}`}
                  onClick={() => setOpen(undefined)}
                >
                  <Code>{open.traceId}</Code>
                </AppLink>,
              ],
              ["Request", <Code key="r">{open.requestId}</Code>],
              ["Position", String(open.sequence)],
            ]}
          />
        ) : null}
      </SidePanel>
    </Page>
  );
}

/** A trace id has 32 hexadecimal digits; everything else is taken for a reference. */
function filterHref(value: string): string {
  const text = value.trim();
  if (!text) return "/audit";
  return /^[0-9a-f]{32}$/i.test(text) ? `/audit?trace=${text}` : `/audit?entity=${encodeURIComponent(text)}`;
}

function Filter({ value, onFilter }: { value: string; onFilter: (value: string) => void }) {
  const [text, setText] = useState(value);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    onFilter(text);
  };
  return (
    <form onSubmit={onSubmit} className="mb-4 flex max-w-xl items-end gap-2">
      <TextField className="flex-1" label="Reference or trace id" value={text} onChange={setText} />
      <Button type="submit">Show</Button>
      {value ? (
        <Button kind="quiet" onPress={() => onFilter("")}>
          All
        </Button>
      ) : null}
    </form>
  );
}
