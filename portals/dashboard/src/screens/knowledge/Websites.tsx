"use client";
import { Button, ButtonLink, EmptyState, Icon, Section } from "@leadmetrics/ui";
import {
  type Crawl,
  Failure,
  onboardingActions,
  onboardingQueries,
  Query,
  useAction,
  useFormat,
  useLiveCrawl,
  useMe,
  type Website,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { CrawlProgress } from "../onboarding/CrawlProgress.tsx";
import { isReading } from "../onboarding/rules.ts";
import { Changed } from "./Changed.tsx";
import { changesText, failedSince, hasChanges, readText, waitMs } from "./websites.ts";

/** The websites agents know, each with its last reading and a way to read it again. */
export function Websites() {
  const websites = useQuery(onboardingQueries.websites);
  const role = useMe()?.membership?.role;
  const mayRead = role === "owner" || role === "admin";
  return (
    <Section title="Websites">
      <Query of={websites}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              icon="globe"
              title="No website read yet"
              action={
                mayRead ? (
                  <ButtonLink href="/onboarding?step=website" kind="primary">
                    Read your website
                  </ButtonLink>
                ) : undefined
              }
            >
              Its pages become knowledge that agents cite by address and title.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line border-y border-line">
              {items.map((one) => (
                <WebsiteLine
                  key={one.site}
                  website={one}
                  mayRead={mayRead}
                  isElsewhere={items.some((other) => other !== one && isReading(other.latest))}
                />
              ))}
            </ul>
          )
        }
      </Query>
    </Section>
  );
}

function WebsiteLine({
  website,
  mayRead,
  isElsewhere,
}: {
  website: Website;
  mayRead: boolean;
  /** Another website is being read: one at a time. */
  isElsewhere: boolean;
}) {
  const latest = useLiveCrawl(website.latest.ref).data ?? website.latest;
  const read = useAction(() => onboardingActions.readWebsite(latest.startUrl), {
    renews: ["crawls", "files"],
    quiet: true,
  });
  const lastRead = latest.status === "finished" ? latest : website.lastRead;
  const reading = isReading(latest) || read.isPending;
  const failed = isReading(latest) ? "" : failedSince({ latest, lastRead });
  return (
    <li className="flex flex-col gap-3 py-3 text-sm">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <a
            href={latest.startUrl}
            target="_blank"
            rel="noopener noreferrer"
            className="block truncate font-semibold hover:underline"
            dir="ltr"
          >
            {website.site}
          </a>
          <LastRead crawl={lastRead} />
          {failed ? <p className="mt-0.5 text-bad">{failed}</p> : null}
        </div>
        {mayRead && !isReading(latest) ? (
          <ReadAgain
            website={website}
            isPending={reading}
            isElsewhere={isElsewhere}
            onRead={() => read.mutate(undefined)}
          />
        ) : null}
      </div>
      {read.error ? <Failure of={read.error} /> : null}
      {isReading(latest) ? (
        // The list draws the line below it.
        <div className="[&_dl]:border-b-0 [&_dl]:pb-0">
          <CrawlProgress crawl={latest} mayStop={mayRead} />
        </div>
      ) : null}
      {!isReading(latest) && lastRead && hasChanges(lastRead) ? <Changed crawl={lastRead} /> : null}
    </li>
  );
}

function LastRead({ crawl }: { crawl: Crawl | null | undefined }) {
  const format = useFormat();
  if (!crawl) return <p className="mt-0.5 text-muted">Not read to its end yet.</p>;
  return (
    <p className="mt-0.5 text-muted">
      Last read {format.dateTime(crawl.finishedOn ?? undefined)} · {readText(crawl)}
      {crawl.again ? <span className="block">{changesText(crawl)}</span> : null}
    </p>
  );
}

function ReadAgain({
  website,
  isPending,
  isElsewhere,
  onRead,
}: {
  website: Website;
  isPending: boolean;
  isElsewhere: boolean;
  onRead: () => void;
}) {
  const format = useFormat();
  const rests = useRests(website.againFrom);
  const why = isElsewhere
    ? "Another website is being read."
    : rests
      ? `Read a moment ago. Again from ${format.time(website.againFrom ?? undefined)}.`
      : "";
  const id = `again-${website.site}`;
  return (
    <div className="flex shrink-0 flex-col items-end gap-1 max-sm:items-start">
      <Button
        size="small"
        isPending={isPending}
        isDisabled={why !== ""}
        onPress={onRead}
        aria-label={`Read again: ${website.site}`}
        aria-describedby={why ? id : undefined}
      >
        <Icon of="refresh-cw" size={14} /> Read again
      </Button>
      {why ? (
        <span id={id} className="text-xs text-muted">
          {why}
        </span>
      ) : null}
    </div>
  );
}

/** Whether a site still has rest; turns false by itself when it is over. */
function useRests(againFrom: string | null | undefined): boolean {
  const [now, setNow] = useState(Date.now);
  const wait = waitMs(againFrom, now);
  useEffect(() => {
    if (wait === 0) return;
    const timer = setTimeout(() => setNow(Date.now()), wait + 500);
    return () => clearTimeout(timer);
  }, [wait]);
  return wait > 0;
}
