"use client";
import { Button, ButtonLink, TextField } from "@leadmetrics/ui";
import {
  ApiError,
  Failure,
  type Onboarding,
  onboardingActions,
  useAction,
  useLiveCrawl,
} from "@leadmetrics/web";
import { type FormEvent, useState } from "react";
import { CrawlProgress } from "./CrawlProgress.tsx";
import { isReading } from "./rules.ts";
import type { StepProps } from "./StepFrame.tsx";
import { useSettle } from "./useSettle.ts";

/** The website: asked for, read live, and what came of it. */
export function WebsiteStep({ onboarding, mayEdit }: StepProps) {
  const { research } = onboarding;
  const crawl = useLiveCrawl(research.crawlRef || undefined).data;
  const reading = research.status === "crawling" || (crawl !== undefined && isReading(crawl));
  const showsCrawl = crawl && (research.status !== "none" || crawl.pagesRead > 0);
  return (
    <div className="flex flex-col gap-6">
      {reading ? null : <WebsiteForm onboarding={onboarding} mayEdit={mayEdit} />}
      {showsCrawl ? <CrawlProgress crawl={crawl} mayStop={mayEdit} /> : null}
      {reading ? (
        <p className="text-sm text-muted">
          This goes on by itself. You can go to the next steps, or close the page and come back.
        </p>
      ) : null}
      {research.status === "none" ? null : research.status === "failed" ? null : (
        <div>
          <ButtonLink href="/onboarding?step=context" kind="primary">
            {research.status === "crawling" ? "Go on meanwhile" : "To the client context"}
          </ButtonLink>
        </div>
      )}
    </div>
  );
}

function WebsiteForm({ onboarding, mayEdit }: { onboarding: Onboarding; mayEdit: boolean }) {
  const { research } = onboarding;
  const [website, setWebsite] = useState(research.website);
  const settle = useSettle("website");
  const start = useAction(() => onboardingActions.startResearch(website.trim()), {
    renews: ["onboarding", "crawls"],
    quiet: true,
  });
  const refused = start.error instanceof ApiError ? start.error.fields : {};
  const before = research.status !== "none";
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate(undefined);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      {start.error && Object.keys(refused).length === 0 ? <Failure of={start.error} /> : null}
      <TextField
        label="Address of your website"
        placeholder="www.example.com"
        value={website}
        onChange={setWebsite}
        error={refused.website}
        isDisabled={!mayEdit}
        autoComplete="url"
        spellCheck={false}
        help="We read up to 150 pages, two at a time, and keep to your robots.txt. It costs no credits."
      />
      {mayEdit ? (
        <div className="flex flex-wrap items-center gap-2">
          <Button
            kind={before && research.status !== "failed" ? "plain" : "primary"}
            type="submit"
            isPending={start.isPending}
            isDisabled={website.trim() === ""}
          >
            {before ? "Read it again" : "Read my website"}
          </Button>
          {before ? null : (
            <Button kind="quiet" isPending={settle.isPending} onPress={() => settle.mutate("skipped")}>
              We have no website
            </Button>
          )}
        </div>
      ) : null}
    </form>
  );
}
