"use client";
import { AgentAtWork, lastSentence } from "@leadmetrics/ui";
import { dmQueries, progressOf, type Run, roleTitle, useRunWriting } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";

/** The drafts that are on their way here: what agents write right now. */
export function WritingStrip() {
  const runs = useQuery(dmQueries.runs({ status: "working" }));
  const items = (runs.data?.items ?? []).slice(0, 3);
  if (items.length === 0) return <p className="py-1 text-xs text-muted">No agent is writing right now.</p>;
  return (
    <ul aria-label="Being written">
      {items.map((run) => (
        <li key={run.ref}>
          <Writing run={run} />
        </li>
      ))}
    </ul>
  );
}

function Writing({ run }: { run: Run }) {
  const writing = useRunWriting(run.ref);
  return (
    <AgentAtWork
      agent={roleTitle(run.role)}
      subject={run.title}
      href={`/runs?run=${run.ref}`}
      progress={progressOf(run, writing.text.length)}
      sentence={writing.text ? lastSentence(writing.text) : writing.note}
    />
  );
}
