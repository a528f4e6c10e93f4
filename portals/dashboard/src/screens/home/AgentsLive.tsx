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
                ? `${held} ${held === 1 ? "run waits" : "runs wait"} for credits and will go on by ${held === 1 ? "itself" : "themselves"}.`
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
