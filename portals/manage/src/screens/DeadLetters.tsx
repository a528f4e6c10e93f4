"use client";
import {
  Button,
  Code,
  type Column,
  DataTable,
  EmptyState,
  ErrorNote,
  Facts,
  Page,
  Payload,
  SidePanel,
  toast,
} from "@leadmetrics/ui";
import { adminActions, type DeadLetter, frameQueries, Query, useAction, useFormat } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

/** Events no consumer could take: what they were, why they failed, and a way to send them again. */
export function DeadLettersScreen() {
  const letters = useQuery(frameQueries.deadLetters);
  const format = useFormat();
  const [open, setOpen] = useState<DeadLetter>();
  const replay = useAction((sequence: number) => adminActions.replay(sequence), {
    renews: ["dead-letters"],
    done: () => {
      setOpen(undefined);
      toast("Sent again under its own id: who had processed it skips it.", { tone: "ok" });
    },
  });
  const columns: Column<DeadLetter>[] = [
    { key: "type", header: "Event", cell: (row) => row.eventType },
    {
      key: "error",
      header: "Error",
      cell: (row) => <span className="line-clamp-1 text-muted">{row.error}</span>,
    },
    { key: "consumer", header: "Consumer", cell: (row) => row.consumer, width: "13rem", wide: true },
    {
      key: "tries",
      header: "Tries",
      cell: (row) => row.deliveries,
      width: "4rem",
      align: "right",
      wide: true,
    },
    {
      key: "when",
      header: "Since",
      cell: (row) => <span className="text-muted">{format.relative(row.deadOn)}</span>,
      width: "8rem",
      align: "right",
      wide: true,
    },
  ];
  return (
    <Page title="Dead letters">
      <Query of={letters}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="mail-check" title="No dead letters">
              When an event can't be processed after all its tries, it is kept here whole and can be sent
              again.
            </EmptyState>
          ) : (
            <DataTable
              label="Dead letters"
              columns={columns}
              rows={items}
              rowKey={(row) => String(row.sequence)}
              onOpen={setOpen}
              selectedKey={open ? String(open.sequence) : undefined}
            />
          )
        }
      </Query>
      <SidePanel
        title={open?.eventType ?? ""}
        isOpen={open !== undefined}
        onClose={() => setOpen(undefined)}
        footer={
          open ? (
            <Button kind="primary" isPending={replay.isPending} onPress={() => replay.mutate(open.sequence)}>
              Replay
            </Button>
          ) : null
        }
      >
        {open ? (
          <>
            <ErrorNote message={open.error} />
            <Facts
              items={[
                ["Consumer", open.consumer],
                ["Stream", open.stream],
                ["Tries", open.deliveries],
                ["Replays", open.replays],
                ["Died", format.dateTime(open.deadOn)],
                ["Tenant", <Code key="t">{open.tenantRef}</Code>],
                ["Event", <Code key="e">{open.eventId}</Code>],
              ]}
            />
            <Payload json={open.payloadJson || "The payload's type is not known any more."} />
          </>
        ) : null}
      </SidePanel>
    </Page>
  );
}
