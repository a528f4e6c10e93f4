export { adminActions, adminQueries } from "./api/admin.ts";
export { budgetActions, budgetQueries } from "./api/budgets.ts";
export { clientActions, clientQueries, contractDocument } from "./api/client-review.ts";
export { craftActions, craftQueries, type FilterInput, type TemplateInput } from "./api/craft.ts";
export { ACTIVITIES_PAGE, dmActions, dmQueries } from "./api/dm.ts";
export { ApiError } from "./api/errors.ts";
export { frameQueries } from "./api/frame.ts";
export { onboardingActions, onboardingQueries } from "./api/onboarding.ts";
export { platformActions, platformQueries } from "./api/platform.ts";
export { type QueueFilter, reviewActions, reviewQueries } from "./api/review.ts";
export { settingsActions, settingsQueries } from "./api/settings.ts";
export { rejectReasons } from "./api/shapes/review.ts";
export type * from "./api/shapes.ts";
export {
  type PlanInput,
  type StrategyInput,
  tenantActions,
  tenantQueries,
} from "./api/tenant.ts";
export {
  offerContract,
  offeredDocument,
  refuseContract,
  refuseEarly,
  uploadFailure,
  uploadFile,
} from "./api/upload.ts";
export { NotificationsScreen } from "./app/NotificationsScreen.tsx";
export { NotWaiting } from "./app/NotWaiting.tsx";
export { PageProblem } from "./app/PageProblem.tsx";
export { useFeature } from "./app/PlatformBanner.tsx";
export { PortalFrame } from "./app/PortalFrame.tsx";
export { Failure, More, Query } from "./app/Query.tsx";
export { FormatProvider, useFormat, useFormatKnown, useMayEdit, useMe } from "./app/useMe.tsx";
export { AuthFrame } from "./auth/AuthFrame.tsx";
export { ForgotForm } from "./auth/ForgotForm.tsx";
export { LoginForm } from "./auth/LoginForm.tsx";
export { RegisterForm } from "./auth/RegisterForm.tsx";
export { ResetForm } from "./auth/ResetForm.tsx";
export { VerifyEmail } from "./auth/VerifyEmail.tsx";
export { BudgetMeters, metricNames, useAmount } from "./budgets/BudgetMeters.tsx";
export { LimitsForm } from "./budgets/LimitsForm.tsx";
export { type BudgetLine, budgetTone, fullness, linesOf, METRICS, monthAfter } from "./budgets/rules.ts";
export { standingText } from "./budgets/words.ts";
export { CommentsPane } from "./content/CommentsPane.tsx";
export { CommentThreads } from "./content/CommentThreads.tsx";
export { DraftEditor } from "./content/DraftEditor.tsx";
export { DraftPane, RevisionsPane } from "./content/panes.tsx";
export { RejectDialog } from "./content/RejectDialog.tsx";
export { SourcesPane } from "./content/SourcesPane.tsx";
export { Timeline } from "./content/Timeline.tsx";
export { withTitle } from "./content/title.ts";
export { ImpersonationBanner } from "./impersonation/ImpersonationBanner.tsx";
export { ImpersonationScreen } from "./impersonation/ImpersonationScreen.tsx";
export { LiveProvider } from "./live/LiveProvider.tsx";
export { readableRun } from "./live/run-draft.ts";
export type { Writing } from "./live/run-text.ts";
export { useLiveCrawl } from "./live/useLiveCrawl.ts";
export { useRevealed } from "./live/useRevealed.ts";
export { useRunEvents } from "./live/useRunEvents.ts";
export { useRunWriting } from "./live/useRunWriting.ts";
export { SecurityScreen } from "./security/SecurityScreen.tsx";
export { owedOf } from "./view/activity.ts";
export { useActorName } from "./view/actor-name.ts";
export { useDecide, useUndecided } from "./view/decisions.ts";
export { type KeyDoes, useKeyMap } from "./view/key-map.ts";
export { useKeys } from "./view/keys.ts";
export { CompanyNames, TenantNames } from "./view/names.tsx";
export { searchPalette } from "./view/search.ts";
export { channelNames, momentOf, targetOwes, targetState } from "./view/targets.ts";
export { noteOf, whyOf } from "./view/told.ts";
export { useAction } from "./view/useAction.ts";
export { type Link, useLink } from "./view/useLink.ts";
export { useSelection } from "./view/useSelection.ts";
export {
  actorName,
  capitalised,
  contentTypes,
  costText,
  progressOf,
  roleTitle,
  stepsDone,
} from "./view/words.ts";
