export const STEPS = ["company", "website", "context", "channels", "plan"] as const;
export type Step = (typeof STEPS)[number];
export type SettledState = "done" | "skipped";
export type Steps = Partial<Record<Step, { state: SettledState; on: string; by: string }>>;
export type OnboardingStatus = "open" | "put_off" | "finished";
export type ResearchStatus = "none" | "crawling" | "writing" | "proposed" | "accepted" | "failed";

/** Research is free for the client, so there is only so much of it. */
export const RESEARCH = { perDay: 5, dayMs: 86_400_000 } as const;

/** What must be there for a company to be ready; the other steps only lead to it. */
const ESSENTIAL: readonly Step[] = ["context", "channels", "plan"];

/** Over when nothing is left open, or when everything that matters is there, whichever way it came. */
export function statusAfter(status: OnboardingStatus, steps: Steps): OnboardingStatus {
  const over =
    STEPS.every((step) => steps[step] !== undefined) ||
    ESSENTIAL.every((step) => steps[step]?.state === "done");
  return over ? "finished" : status === "finished" ? "open" : status;
}

/** The address of a website as a person typed it, https when they didn't say; undefined when it can't be one. */
export function websiteOf(typed: string): string | undefined {
  const text = typed.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined;
  if (url.username || url.password || url.href.length > 500) return undefined;
  // A bare word is nobody's website; with a port it is somebody's sandbox.
  if (!url.hostname.includes(".") && !url.hostname.includes(":") && url.port === "") return undefined;
  url.hash = "";
  return url.href;
}

/** The times of begun research that still count. */
export function recent(begun: readonly Date[], now: Date): Date[] {
  return begun.filter((each) => now.getTime() - each.getTime() < RESEARCH.dayMs);
}

/** How a crawl ended, as far as the research goes. */
export type AfterCrawl =
  | { readonly kind: "write" }
  | { readonly kind: "none" }
  | { readonly kind: "fail"; readonly problem: string; readonly reason: string };

/** Whoever stops the reading half-way wants to go on with what was read; with nothing read they want no research. */
export function afterCrawl(crawl: {
  readonly ended: "finished" | "cancelled" | "failed";
  readonly pagesRead: number;
  readonly problem: string;
  readonly reason: string;
}): AfterCrawl {
  if (crawl.ended === "failed") return { kind: "fail", problem: crawl.problem, reason: crawl.reason };
  return crawl.pagesRead > 0 ? { kind: "write" } : { kind: "none" };
}
