"use client";
import { Button, cx, Icon, Progress } from "@leadmetrics/ui";
import { type Crawl, onboardingActions, onboardingQueries, useAction } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { crawlSentence, crawlShare, isReading } from "./rules.ts";

/** The reading of a website: how far, what is read right now, what could not be read and why. */
export function CrawlProgress({ crawl, mayStop }: { crawl: Crawl; mayStop: boolean }) {
  const stop = useAction(() => onboardingActions.cancelCrawl(crawl.ref), {
    renews: ["crawls", "onboarding"],
  });
  const reading = isReading(crawl);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2 text-sm">
        <p className={cx("min-w-0 flex-1", crawl.status === "failed" && "text-bad")} role="status">
          {crawlSentence(crawl)}
        </p>
        {reading && mayStop ? (
          <Button size="small" kind="quiet" isPending={stop.isPending} onPress={() => stop.mutate(undefined)}>
            <Icon of="square" size={12} />
            {crawl.pagesRead > 0 ? "Stop, use what was read" : "Stop"}
          </Button>
        ) : null}
      </div>
      <Progress tone="agent" label={`Reading ${crawl.startUrl}`} value={crawlShare(crawl)} />
      {reading ? (
        <p className="h-5 truncate font-mono text-xs text-muted" dir="ltr">
          {crawl.readingUrl}
        </p>
      ) : null}
      <dl className="tabular grid grid-cols-4 border-y border-line py-3 text-sm max-sm:grid-cols-2 max-sm:gap-y-3">
        {(
          [
            ["Found", crawl.pagesFound],
            ["Read", crawl.pagesRead],
            ["Left out", crawl.pagesSkipped],
            ["Not readable", crawl.pagesFailed],
          ] as const
        ).map(([label, count]) => (
          <div key={label} className="flex flex-col">
            <dt className="text-xs text-muted">{label}</dt>
            <dd className="text-lg font-semibold">{count}</dd>
          </div>
        ))}
      </dl>
      {crawl.pagesFailed + crawl.pagesSkipped > 0 ? <Unread crawl={crawl} /> : null}
    </div>
  );
}

/** Pages that were not read, with the reason. Asked for when somebody wants to know. */
function Unread({ crawl }: { crawl: Crawl }) {
  const [open, setOpen] = useState(false);
  const pages = useQuery({ ...onboardingQueries.crawlPages(crawl.ref, "failed,skipped"), enabled: open });
  const count = crawl.pagesFailed + crawl.pagesSkipped;
  return (
    <div>
      <Button size="small" kind="quiet" aria-expanded={open} onPress={() => setOpen(!open)}>
        {open ? "Hide" : "Show"} {count === 1 ? "the page that was" : `the ${count} pages that were`} not read
      </Button>
      {open ? (
        <ul className="mt-2 divide-y divide-line border-y border-line text-sm">
          {(pages.data?.items ?? []).map((page) => (
            <li key={page.ref} className="flex flex-col gap-0.5 py-2">
              <a
                href={page.url}
                target="_blank"
                rel="noopener noreferrer"
                className="inline-flex max-w-full items-center gap-1 hover:underline"
              >
                <span className="truncate">{page.title || page.url}</span>
                <Icon of="external-link" size={12} className="shrink-0" />
              </a>
              <span className={page.status === "failed" ? "text-bad" : "text-muted"}>{page.problem}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
