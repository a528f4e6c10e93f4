"use client";
import { AgentAtWork, OwesChip } from "@leadmetrics/ui";
import { Shelf, State } from "./Shelf.tsx";

const now = Date.parse("2026-12-10T12:00:00Z");
const nothing = () => undefined;

export function WorkShelves() {
  return (
    <>
      <Shelf name="OwesChip" does="Who owes the next move, and since when; amber past its promise.">
        <span className="flex flex-wrap gap-2">
          <OwesChip
            now={now}
            owed={{ party: "client", state: "client_review", since: "2026-12-08T11:00:00Z" }}
          />
          <OwesChip
            now={now}
            owed={{
              party: "reviewer",
              state: "dm_review",
              due: "2026-12-10T11:00:00Z",
              since: "2026-12-10T06:00:00Z",
            }}
          />
          <OwesChip now={now} owed={{ party: "agent", state: "working", since: "2026-12-10T11:56:00Z" }} />
          <OwesChip now={now} owed={{ party: "channel", state: "publishing" }} />
          <OwesChip now={now} owed={{ party: "nobody", state: "failed", since: "2026-12-09T11:00:00Z" }} />
          <OwesChip
            now={now}
            short
            owed={{ party: "client", state: "client_review", since: "2026-12-08T11:00:00Z" }}
          />
        </span>
      </Shelf>
      <Shelf
        name="AgentAtWork"
        does="How far, the sentence it is writing, what it has cost, and a way to stop it."
      >
        <State name="writing">
          <AgentAtWork
            agent="Blog writer"
            subject="Why sourdough takes three days"
            progress={0.45}
            sentence="The second day belongs to the fridge, where the dough"
            cost="$0.042 · 5 credits"
            onStop={nothing}
          />
        </State>
        <State name="before the first word">
          <AgentAtWork agent="Topic researcher" subject="Bread for the weekend" />
        </State>
      </Shelf>
    </>
  );
}
