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
  secondFactor: Reads<Get<"/auth/v1/second-factor">, S.SecondFactor>;
  passkey: Reads<Item<"/auth/v1/passkeys">, S.Passkey>;
  tenant: Reads<Get<"/tenant/v1/tenant">, Plain<S.Tenant>>;
  member: Reads<Item<"/tenant/v1/members">, S.Member>;
  invitation: Reads<Item<"/tenant/v1/invitations">, S.Invitation>;
  context: Reads<Get<"/tenant/v1/context">, Plain<S.ContextVersion>>;
  file: Reads<Item<"/tenant/v1/files">, S.KnowledgeFile>;
  channel: Reads<Item<"/tenant/v1/channels">, Plain<S.Channel>>;
  goal: Reads<Item<"/tenant/v1/goals">, S.Goal>;
  strategy: Reads<Item<"/tenant/v1/strategies">, Plain<S.Strategy>>;
  plan: Reads<Item<"/tenant/v1/plans">, Plain<S.Plan>>;
  period: Reads<Item<"/tenant/v1/periods">, S.Period>;
  template: Reads<Item<"/tenant/v1/activity-templates">, S.ActivityTemplate>;
  activity: Reads<Item<"/tenant/v1/activities">, Plain<S.Activity>>;
  detail: Reads<Get<"/tenant/v1/activities/{activityRef}">, Plain<S.ActivityDetail>>;
  comment: Reads<Item<"/tenant/v1/activities/{activityRef}/comments">, Plain<S.Comment>>;
  run: Reads<Item<"/tenant/v1/runs">, S.Run>;
  runEvent: Reads<Item<"/tenant/v1/runs/{runRef}/events">, S.RunEvent>;
  balance: Reads<Get<"/tenant/v1/credits">, S.Balance>;
  entry: Reads<Item<"/tenant/v1/credits/entries">, S.CreditEntry>;
  subscription: Reads<Get<"/tenant/v1/subscription">, S.Subscription>;
  notification: Reads<Item<"/tenant/v1/notifications">, S.Notification>;
  preference: Reads<Item<"/tenant/v1/preferences">, S.NotificationPreference>;
  hit: Reads<Item<"/tenant/v1/search">, S.SearchHit>;
  audit: Reads<Item<"/tenant/v1/audit">, Plain<S.AuditEntry>>;
  queue: Reads<Item<"/dm/v1/queue">, Plain<S.Activity>>;
  users: Reads<Item<"/admin/v1/users">, S.User>;
  reviewers: Reads<Item<"/admin/v1/tenants/{tenantRef}/reviewers">, S.Assignment>;
  deadLetter: Reads<Item<"/admin/v1/dead-letters">, S.DeadLetter>;
} = {
  me: true,
  session: true,
  secondFactor: true,
  passkey: true,
  tenant: true,
  member: true,
  invitation: true,
  context: true,
  file: true,
  channel: true,
  goal: true,
  strategy: true,
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
  users: true,
  reviewers: true,
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
