"use client";
import { AgentAtWork, Section, SkeletonRows } from "@leadmetrics/ui";
import {
  costText,
  progressOf,
  Query,
  type Run,
  roleTitle,
  tenantQueries,
  useRunWriting,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";

/** The agents working for this company right now. */
export function AgentsLive() {
  const runs = useQuery(tenantQueries.runs({ status: "working" }));
  const waiting = useQuery(tenantQueries.runs({ status: "awaiting_credits" }));
  const held = waiting.data?.items.length ?? 0;
  return (
    <Section title="Agents at work">
      <Query of={runs} loading={<SkeletonRows rows={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="border-y border-line py-3 text-sm text-muted">
              {held > 0
                ? waitingText(waiting.data?.items ?? [])
                : "No agent is working. They start when a plan is approved or a draft is rejected."}
            </p>
          ) : (
            <ul className="divide-y divide-line border-y border-line">
              {items.map((run) => (
                <li key={run.ref}>
                  <LiveRun run={run} />
                </li>
              ))}
            </ul>
          )
        }
      </Query>
    </Section>
  );
}

/** Why work waits that nobody has begun: at a cap in the platform's own words, else for credits. */
function waitingText(waiting: readonly Run[]): string {
  const count = `${waiting.length} ${waiting.length === 1 ? "run waits" : "runs wait"}`;
  const atCap = waiting.find((run) => run.errorClass === "budget");
  if (atCap) return `${count}. ${atCap.problem}`;
  return `${count} for credits and will go on by ${waiting.length === 1 ? "itself" : "themselves"}.`;
}

function LiveRun({ run }: { run: Run }) {
  const writing = useRunWriting(run.ref);
  return (
    <AgentAtWork
      agent={roleTitle(run.role)}
      subject={run.title}
      href={
        run.activityRef
          ? `/content/${run.activityRef}`
          : run.role === "setup"
            ? "/onboarding?step=context"
            : undefined
      }
      progress={progressOf(run, 0)}
      sentence={writing.note || "You see the draft once a reviewer has read it."}
      cost={costText(null, run.credits)}
    />
  );
}
