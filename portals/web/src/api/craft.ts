import { queryOptions } from "@tanstack/react-query";
import { http, p } from "./http.ts";
import type * as S from "./shapes.ts";

/** What reviewers shape: skills and the prompts they end up in, templates, and their own filters. */

/** What a template's next version is to be. */
export interface TemplateInput {
  contentType: S.ContentType;
  baseNumber: number;
  steps: { kind: S.TemplateStepKind; agentRole: string; skip: S.SkipRule }[];
  note: string;
}

/** A filter as it is sent; what is left out narrows nothing. */
export type FilterInput = Pick<S.SavedFilter, "place" | "name"> & {
  [K in Exclude<keyof S.SavedFilter, "place" | "name">]?: NonNullable<S.SavedFilter[K]>;
};

export const craftQueries = {
  roles: queryOptions({
    queryKey: ["roles"],
    queryFn: ({ signal }) => http.get<{ items: S.StepRole[] }>("/dm/v1/roles", undefined, signal),
    staleTime: 300_000,
  }),
  skills: queryOptions({
    queryKey: ["skills"],
    queryFn: ({ signal }) => http.get<{ items: S.SkillLine[] }>("/dm/v1/skills", undefined, signal),
  }),
  skill: (name: string) =>
    queryOptions({
      queryKey: ["skills", name],
      queryFn: ({ signal }) => http.get<S.SkillRecord>(p`/dm/v1/skills/${name}`, undefined, signal),
    }),
  prompt: (tenantRef: string, activityRef: string, role: string) =>
    queryOptions({
      queryKey: ["prompts", activityRef, role],
      queryFn: ({ signal }) =>
        http.get<S.PromptPreview>(
          p`/dm/v1/tenants/${tenantRef}/activities/${activityRef}/prompts/${role}`,
          undefined,
          signal,
        ),
    }),
  /** The last runs of a role for a tenant: what it has worked on. */
  runsOf: (tenantRef: string, role: string) =>
    queryOptions({
      queryKey: ["runs", "of", tenantRef, role],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.Run>>(p`/dm/v1/tenants/${tenantRef}/runs`, { role, pageSize: 100 }, signal),
    }),
  runSkills: (tenantRef: string, runRef: string) =>
    queryOptions({
      queryKey: ["run-skills", runRef],
      queryFn: ({ signal }) =>
        http.get<{ items: S.SkillUse[] }>(
          p`/dm/v1/tenants/${tenantRef}/runs/${runRef}/skills`,
          undefined,
          signal,
        ),
    }),
  templates: queryOptions({
    queryKey: ["templates"],
    queryFn: ({ signal }) => http.get<S.TemplateRecords>("/dm/v1/templates", undefined, signal),
  }),
  filters: queryOptions({
    queryKey: ["saved-filters"],
    queryFn: ({ signal }) => http.get<{ items: S.SavedFilter[] }>("/dm/v1/saved-filters", undefined, signal),
    staleTime: 300_000,
  }),
};

export const craftActions = {
  saveSkillDraft: (name: string, body: { title: string; body: string; version: number }) =>
    http.put<S.SkillRecord>(p`/dm/v1/skills/${name}/draft`, body),
  discardSkillDraft: (name: string, version: number) =>
    http.post<S.SkillRecord>(p`/dm/v1/skills/${name}/discard`, { version }),
  publishSkill: (name: string, body: { version: number; note: string }) =>
    http.post<S.SkillRecord>(p`/dm/v1/skills/${name}/publish`, body),
  publishTemplate: (body: TemplateInput) => http.post<S.TemplateRecord>("/dm/v1/templates", body),
  saveFilter: (filter: FilterInput) => http.put<S.SavedFilter>("/dm/v1/saved-filters", filter),
  forgetFilter: (place: S.FilterPlace, name: string) =>
    http.del<void>(p`/dm/v1/saved-filters/${place}/${name}`),
};
