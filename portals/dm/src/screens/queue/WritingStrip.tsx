"use client";
import { AgentAtWork, lastSentence } from "@leadmetrics/ui";
import { frameQueries, progressOf, type Run, readableRun, roleTitle, useRunWriting } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";

/** The drafts that are on their way here: what agents write right now. */
export function WritingStrip() {
  const runs = useQuery(frameQueries.runs({ status: "working" }));
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
      sentence={sentenceOf(run, writing)}
    />
  );
}

/** What is being written, as a sentence; a plan is written as data, which is not for reading. */
function sentenceOf(run: Run, { text, note }: { text: string; note: string }): string {
  if (text.trimStart().startsWith("{")) return `Planning the items of “${run.title}”`;
  return text ? lastSentence(readableRun(text)) : note;
}
