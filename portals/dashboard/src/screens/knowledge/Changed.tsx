"use client";
import { Button } from "@leadmetrics/ui";
import { type Crawl, onboardingQueries } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

const WORDS = { added: "Added", changed: "Changed" } as const;

/** Which pages a reading has added, changed or lost. Asked for when somebody wants to know. */
export function Changed({ crawl }: { crawl: Crawl }) {
  const [open, setOpen] = useState(false);
  const pages = useQuery({ ...onboardingQueries.changedPages(crawl.ref), enabled: open });
  return (
    <div>
      <Button size="small" kind="quiet" aria-expanded={open} onPress={() => setOpen(!open)}>
        {open ? "Hide what changed" : "Show what changed"}
      </Button>
      {open ? (
        <ul className="mt-2 divide-y divide-line border-y border-line">
          {(pages.data?.items ?? []).map((page) => (
            <li key={page.ref} className="flex min-h-9 items-center gap-3 py-1">
              <span className="w-16 shrink-0 text-xs text-muted">
                {page.change ? WORDS[page.change] : ""}
              </span>
              <a
                href={page.url}
                target="_blank"
                rel="noopener noreferrer"
                className="min-w-0 truncate hover:underline"
              >
                {page.title || page.url}
              </a>
            </li>
          ))}
          {crawl.goneUrls.map((url) => (
            <li key={url} className="flex min-h-9 items-center gap-3 py-1">
              <span className="w-16 shrink-0 text-xs text-muted">Gone</span>
              <span className="min-w-0 truncate text-muted" dir="ltr">
                {url}
              </span>
            </li>
          ))}
          {crawl.pagesGone > crawl.goneUrls.length ? (
            <li className="py-2 text-xs text-muted">
              and {crawl.pagesGone - crawl.goneUrls.length} more that are gone
            </li>
          ) : null}
        </ul>
      ) : null}
    </div>
  );
}
