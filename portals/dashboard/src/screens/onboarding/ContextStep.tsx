"use client";
import { AgentAtWork, Button, ButtonLink, EmptyState, ErrorNote, SkeletonText } from "@leadmetrics/ui";
import {
  onboardingActions,
  Query,
  readableRun,
  tenantQueries,
  useAction,
  useLiveCrawl,
  useRunWriting,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { CrawlProgress } from "./CrawlProgress.tsx";
import { Proposal } from "./Proposal.tsx";
import { foundSoFar } from "./rules.ts";
import type { StepProps } from "./StepFrame.tsx";
import { useSettle } from "./useSettle.ts";

/** The client context: being found out, proposed beside its sources, or written by oneself. */
export function ContextStep({ onboarding, mayEdit }: StepProps) {
  const { research } = onboarding;
  const context = useQuery(tenantQueries.context());
  switch (research.status) {
    case "crawling":
      return <StillReading crawlRef={research.crawlRef} mayEdit={mayEdit} />;
    case "writing":
      return <Writing onboarding={onboarding} mayEdit={mayEdit} />;
    case "proposed":
    case "accepted":
      return (
        <Query of={context} loading={<SkeletonText />}>
          {(now) => (
            <Proposal key={research.runRef} onboarding={onboarding} context={now} mayEdit={mayEdit} />
          )}
        </Query>
      );
    default:
      return (
        <div className="flex flex-col gap-6">
          {research.status === "failed" ? <ErrorNote message={research.problem} /> : null}
          <ByOneself described={(context.data?.version ?? 0) > 0} mayEdit={mayEdit} />
        </div>
      );
  }
}

function StillReading({ crawlRef, mayEdit }: { crawlRef: string; mayEdit: boolean }) {
  const crawl = useLiveCrawl(crawlRef).data;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-muted">
        The website is being read. As soon as that is done, an agent proposes the client context from it.
      </p>
      {crawl ? <CrawlProgress crawl={crawl} mayStop={mayEdit} /> : <SkeletonText />}
    </div>
  );
}

function Writing({ onboarding: { research }, mayEdit }: StepProps) {
  const stored = useQuery({ ...tenantQueries.runEvents(research.runRef), enabled: research.runRef !== "" });
  const writing = useRunWriting(research.runRef || undefined, stored.data?.items);
  const stop = useAction(onboardingActions.discardProposal, { renews: ["onboarding"] });
  const { count, last } = foundSoFar(readableRun(writing.text));
  return (
    <div className="flex flex-col gap-3">
      <AgentAtWork
        agent="Setup agent"
        subject={`Client context from ${research.website}`}
        progress={count === 0 ? undefined : Math.min(0.95, count / 20)}
        sentence={last || writing.note || "Looking through the pages that were read."}
        note={count > 0 ? `${count} found` : undefined}
        onStop={mayEdit ? () => stop.mutate(undefined) : undefined}
      />
      {research.problem ? <ErrorNote message={research.problem} /> : null}
      <p className="text-sm text-muted">
        It says only what your pages say, and names where. You correct it next.
      </p>
    </div>
  );
}

function ByOneself({ described, mayEdit }: { described: boolean; mayEdit: boolean }) {
  const settle = useSettle("context");
  if (described)
    return (
      <EmptyState
        icon="book-open"
        title="You have described your company"
        action={
          <div className="flex flex-wrap gap-2">
            {mayEdit ? (
              <Button kind="primary" isPending={settle.isPending} onPress={() => settle.mutate("done")}>
                It is right, go on
              </Button>
            ) : null}
            <ButtonLink href="/context">Look at it</ButtonLink>
          </div>
        }
      >
        Agents read it before every draft. Every change is a version.
      </EmptyState>
    );
  return (
    <EmptyState
      icon="book-open"
      title="Nothing is proposed yet"
      action={
        <div className="flex flex-wrap gap-2">
          <ButtonLink href="/onboarding?step=website" kind="primary">
            Read the website
          </ButtonLink>
          <ButtonLink href="/context">Write it yourself</ButtonLink>
          {mayEdit ? (
            <Button kind="quiet" isPending={settle.isPending} onPress={() => settle.mutate("skipped")}>
              Leave it out
            </Button>
          ) : null}
        </div>
      }
    >
      From your website an agent proposes what your company does, for whom, and how it sounds. Or you write
      it.
    </EmptyState>
  );
}
