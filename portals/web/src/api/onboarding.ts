import { queryOptions } from "@tanstack/react-query";
import { http, p } from "./http.ts";
import type * as S from "./shapes.ts";

/** How a new company gets ready for work, and what its website says. */

/** Pages listed of a website. */
const PAGES = 200;

export const onboardingQueries = {
  onboarding: queryOptions({
    queryKey: ["onboarding"],
    queryFn: ({ signal }) => http.get<S.Onboarding>("/tenant/v1/onboarding", undefined, signal),
  }),
  crawl: (ref: string) =>
    queryOptions({
      queryKey: ["crawls", ref],
      queryFn: ({ signal }) => http.get<S.Crawl>(p`/tenant/v1/crawls/${ref}`, undefined, signal),
    }),
  websites: queryOptions({
    queryKey: ["crawls", "websites"],
    queryFn: ({ signal }) => http.get<{ items: S.Website[] }>("/tenant/v1/websites", undefined, signal),
  }),
  /** What a reading has found new. */
  changedPages: (ref: string) =>
    queryOptions({
      queryKey: ["crawls", ref, "changed"],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.WebPage>>(
          p`/tenant/v1/crawls/${ref}/pages`,
          { changedOnly: "true", pageSize: PAGES },
          signal,
        ),
    }),
  crawlPages: (ref: string, status: string) =>
    queryOptions({
      queryKey: ["crawls", ref, "pages", status],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.WebPage>>(p`/tenant/v1/crawls/${ref}/pages`, { status, pageSize: PAGES }, signal),
    }),
};

export const onboardingActions = {
  startResearch: (website: string) => http.post<S.Onboarding>("/tenant/v1/onboarding/research", { website }),
  acceptProposal: (body: { fields: S.AcceptedField[]; contextVersion: number }) =>
    http.post<{ onboarding: S.Onboarding; context: S.ContextVersion }>(
      "/tenant/v1/onboarding/proposal/accept",
      body,
    ),
  discardProposal: () => http.del("/tenant/v1/onboarding/proposal"),
  settleStep: (step: S.OnboardingStepName, state: S.StepState) =>
    http.put<S.Onboarding>("/tenant/v1/onboarding/steps", { step, state }),
  putOff: (resume: boolean) => http.post<S.Onboarding>("/tenant/v1/onboarding/put-off", { resume }),
  readWebsite: (url: string) => http.post<S.Crawl>("/tenant/v1/crawls", { url }),
  cancelCrawl: (ref: string) => http.post<S.Crawl>(p`/tenant/v1/crawls/${ref}/cancel`),
};
