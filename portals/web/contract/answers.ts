/**
 * Holds what the portals read (`src/api/shapes`) against what the gateway says it answers. Types only: a wrong one fails
 * `pnpm --filter @leadmetrics/web check:answers`, which first generates `src/api/schema.d.ts` from the gateway.
 */
import type { paths } from "../src/api/schema.d.ts";
import type * as S from "../src/api/shapes.ts";

/** The document allows null wherever a message or word can be unset; the shapes name the places where that happens. */
type Set<T> = T extends readonly (infer Item)[]
  ? Set<Item>[]
  : T extends object
    ? { [K in keyof T]-?: Set<NonNullable<T[K]>> }
    : T;

type Json<R> = R extends { content: { "application/json": infer Body } } ? Body : never;
type Get<P extends keyof paths> = paths[P] extends { get: { responses: { 200: infer R } } } ? Json<R> : never;
type Item<P extends keyof paths> = Get<P> extends { items: (infer One)[] } ? One : never;

/** `true` when everything the portal reads is in the answer, with a type it can take. */
type Reads<Answer, Shape> = [Answer] extends [never]
  ? "no such answer"
  : Set<NonNullable<Answer>> extends Set<Shape>
    ? true
    : "differs";

/** Every line must be `true`. The shapes' names of people come from elsewhere, so actors are read without them. */
export const answers: {
  me: Reads<Get<"/auth/v1/me">, S.Me>;
  session: Reads<Item<"/auth/v1/sessions">, S.Session>;
  platformNow: Reads<Get<"/auth/v1/platform">, S.PlatformNow>;
  setting: Reads<Item<"/admin/v1/settings">, Plain<S.PlatformSetting>>;
  feature: Reads<Item<"/admin/v1/features">, Plain<S.Feature>>;
  impersonation: Reads<Item<"/admin/v1/impersonations">, S.Impersonation>;
  offeredContract: Reads<Item<"/admin/v1/tenants/{tenantRef}/contracts">, S.Contract>;
  secondFactor: Reads<Get<"/auth/v1/second-factor">, S.SecondFactor>;
  passkey: Reads<Item<"/auth/v1/passkeys">, S.Passkey>;
  tenant: Reads<Get<"/tenant/v1/tenant">, Plain<S.Tenant>>;
  member: Reads<Item<"/tenant/v1/members">, S.Member>;
  invitation: Reads<Item<"/tenant/v1/invitations">, S.Invitation>;
  context: Reads<Get<"/tenant/v1/context">, Plain<S.ContextVersion>>;
  file: Reads<Item<"/tenant/v1/files">, S.KnowledgeFile>;
  onboarding: Reads<Get<"/tenant/v1/onboarding">, S.Onboarding>;
  crawl: Reads<Get<"/tenant/v1/crawls/{crawlRef}">, S.Crawl>;
  website: Reads<Item<"/tenant/v1/websites">, S.Website>;
  webPage: Reads<Item<"/tenant/v1/crawls/{crawlRef}/pages">, S.WebPage>;
  channel: Reads<Item<"/tenant/v1/channels">, Plain<S.Channel>>;
  goal: Reads<Item<"/tenant/v1/goals">, S.Goal>;
  strategy: Reads<Item<"/tenant/v1/strategies">, Plain<S.Strategy>>;
  strategyVersion: Reads<Item<"/tenant/v1/strategies/{strategyRef}/versions">, Plain<S.StrategyVersion>>;
  clientReview: Reads<Get<"/tenant/v1/client-review">, Plain<S.ClientReview>>;
  calendar: Reads<Get<"/tenant/v1/calendar">, Plain<S.Calendar>>;
  approvalLink: Reads<Item<"/tenant/v1/activities/{activityRef}/approval-links">, S.ApprovalLink>;
  contract: Reads<NonNullable<Get<"/tenant/v1/contract">["contract"]>, S.Contract>;
  plan: Reads<Item<"/tenant/v1/plans">, Plain<S.Plan>>;
  period: Reads<Item<"/tenant/v1/periods">, S.Period>;
  template: Reads<Item<"/tenant/v1/activity-templates">, S.ActivityTemplate>;
  activity: Reads<Item<"/tenant/v1/activities">, Plain<S.Activity>>;
  detail: Reads<Get<"/tenant/v1/activities/{activityRef}">, Plain<S.ActivityDetail>>;
  comment: Reads<Item<"/tenant/v1/activities/{activityRef}/comments">, Plain<S.Comment>>;
  run: Reads<Item<"/tenant/v1/runs">, S.Run>;
  runEvent: Reads<Item<"/tenant/v1/runs/{runRef}/events">, S.RunEvent>;
  budgets: Reads<Get<"/tenant/v1/budgets">, S.Budgets>;
  defaultBudget: Reads<Item<"/admin/v1/budgets">, S.Budget>;
  budgetStanding: Reads<Item<"/admin/v1/budgets/standings">, S.BudgetStanding>;
  fallback: Reads<Item<"/admin/v1/fallbacks">, S.Fallback>;
  balance: Reads<Get<"/tenant/v1/credits">, S.Balance>;
  entry: Reads<Item<"/tenant/v1/credits/entries">, S.CreditEntry>;
  subscription: Reads<Get<"/tenant/v1/subscription">, S.Subscription>;
  notification: Reads<Item<"/tenant/v1/notifications">, S.Notification>;
  preference: Reads<Item<"/tenant/v1/preferences">, S.NotificationPreference>;
  hit: Reads<Item<"/tenant/v1/search">, S.SearchHit>;
  audit: Reads<Item<"/tenant/v1/audit">, Plain<S.AuditEntry>>;
  queue: Reads<Item<"/dm/v1/queue">, Plain<S.Activity>>;
  queuePlace: Reads<Get<"/dm/v1/queue/{activityRef}">, Plain<S.QueuePlace>>;
  claim: Reads<Item<"/dm/v1/claims">, S.ReviewClaim>;
  reviewStats: Reads<Get<"/dm/v1/review-stats">, S.ReviewStats>;
  edit: Reads<NonNullable<Get<"/dm/v1/tenants/{tenantRef}/reviews/{activityRef}/edit">["edit"]>, S.DraftEdit>;
  similar: Reads<
    Get<"/dm/v1/tenants/{tenantRef}/reviews/{activityRef}/similar">["items"][number],
    S.SimilarItem
  >;
  skillLine: Reads<Item<"/dm/v1/skills">, S.SkillLine>;
  skill: Reads<Get<"/dm/v1/skills/{name}">, S.SkillRecord>;
  prompt: Reads<Get<"/dm/v1/tenants/{tenantRef}/activities/{activityRef}/prompts/{role}">, S.PromptPreview>;
  runSkill: Reads<Item<"/dm/v1/tenants/{tenantRef}/runs/{runRef}/skills">, S.SkillUse>;
  stepRole: Reads<Item<"/dm/v1/roles">, S.StepRole>;
  templateRecords: Reads<Get<"/dm/v1/templates">, S.TemplateRecords>;
  savedFilter: Reads<Item<"/dm/v1/saved-filters">, S.SavedFilter>;
  users: Reads<Item<"/admin/v1/users">, S.User>;
  reviewers: Reads<Item<"/admin/v1/tenants/{tenantRef}/reviewers">, S.Assignment>;
  deletion: Reads<
    NonNullable<Get<"/admin/v1/tenants/{tenantRef}/deletion">["deletion"]>,
    Plain<S.TenantDeletion>
  >;
  export: Reads<Get<"/admin/v1/tenants/{tenantRef}/export">, S.TenantExport>;
  runFigures: Reads<Item<"/admin/v1/runs/figures">, S.RunFigures>;
  workFigures: Reads<Item<"/admin/v1/work/figures">, S.WorkFigures>;
  trouble: Reads<Item<"/admin/v1/work/troubles">, S.Trouble>;
  standing: Reads<Item<"/admin/v1/credits">, S.Standing>;
  offering: Reads<Item<"/admin/v1/offerings">, S.Offering>;
  health: Reads<Item<"/admin/v1/health">, S.ServiceHealth>;
  queues: Reads<Item<"/admin/v1/queues">, S.Queue>;
  role: Reads<Item<"/admin/v1/roles">, S.Role>;
  config: Reads<Item<"/admin/v1/tenants/{tenantRef}/configs">, S.AgentConfig>;
  pause: Reads<Item<"/admin/v1/pauses">, S.Pause>;
  call: Reads<Item<"/admin/v1/tenants/{tenantRef}/runs/{runRef}/calls">, S.ModelCall>;
  mailTemplate: Reads<Item<"/admin/v1/notification-templates">, S.MailTemplate>;
  userSessions: Reads<Item<"/admin/v1/users/{userRef}/sessions">, S.Session>;
  deadLetter: Reads<Item<"/admin/v1/dead-letters">, S.DeadLetter>;
} = {
  budgets: true,
  defaultBudget: true,
  budgetStanding: true,
  fallback: true,
  me: true,
  session: true,
  secondFactor: true,
  passkey: true,
  tenant: true,
  member: true,
  invitation: true,
  context: true,
  file: true,
  onboarding: true,
  crawl: true,
  website: true,
  webPage: true,
  channel: true,
  goal: true,
  strategy: true,
  strategyVersion: true,
  clientReview: true,
  calendar: true,
  approvalLink: true,
  contract: true,
  plan: true,
  period: true,
  template: true,
  activity: true,
  detail: true,
  comment: true,
  run: true,
  runEvent: true,
  balance: true,
  entry: true,
  subscription: true,
  notification: true,
  preference: true,
  hit: true,
  audit: true,
  queue: true,
  queuePlace: true,
  claim: true,
  reviewStats: true,
  edit: true,
  similar: true,
  skillLine: true,
  skill: true,
  prompt: true,
  runSkill: true,
  stepRole: true,
  templateRecords: true,
  savedFilter: true,
  users: true,
  reviewers: true,
  platformNow: true,
  setting: true,
  feature: true,
  impersonation: true,
  offeredContract: true,
  deletion: true,
  export: true,
  runFigures: true,
  workFigures: true,
  trouble: true,
  standing: true,
  offering: true,
  health: true,
  queues: true,
  role: true,
  config: true,
  pause: true,
  call: true,
  mailTemplate: true,
  userSessions: true,
  deadLetter: true,
};

/** A shape as it is on the wire: actors carry no name there. */
type Plain<T> = T extends S.Actor
  ? Omit<T, "name">
  : T extends readonly (infer One)[]
    ? Plain<One>[]
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T;
