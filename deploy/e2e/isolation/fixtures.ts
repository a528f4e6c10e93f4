import { methods } from "./contract.ts";
import {
  booking,
  deliverables,
  type Fixture,
  goals,
  named,
  nowhere,
  plain,
  reviewer,
  signed,
  tone,
  wrongSecret,
} from "./fixture.ts";

const fixtures: Readonly<Record<string, Readonly<Record<string, Fixture>>>> = {
  RunsService: { ListRuns: plain, GetRun: plain, ListRunEvents: plain, CancelRun: { last: true } },
  RolesService: { ListRoles: plain, ListSkills: plain },
  SkillsService: {
    GetSkill: tone,
    SaveSkillDraft: tone,
    DiscardSkillDraft: tone,
    PublishSkill: tone,
    PreviewPrompt: { fill: () => ({ role: "social-post-writer" }) },
    ListRunSkills: plain,
  },
  ConfigsService: {
    ListConfigs: plain,
    SetConfig: { fill: () => ({ config: { role: "topic-researcher", adapter: "offline" } }) },
    TestAdapter: { fill: () => ({ role: "topic-researcher", adapter: "", model: "" }) },
  },
  BudgetsService: {
    GetBudgets: plain,
    // No limit anywhere: the run's own tenants go on.
    SetBudget: { fill: () => ({ scope: 2, role: "topic-researcher", limits: {} }) },
    SetOwnBudget: { fill: () => ({ limits: {} }) },
    ListDefaultBudgets: plain,
    SetDefaultBudget: { fill: () => ({ scope: 2, role: "topic-researcher", limits: {} }) },
    ListBudgetStandings: plain,
  },
  FallbacksService: {
    ListFallbacks: plain,
    SetFallback: { fill: () => ({ role: "topic-researcher", steps: [] }) },
    ListDefaultFallbacks: plain,
    SetDefaultFallback: { fill: () => ({ role: "topic-researcher", steps: [] }) },
    TestDefaultFallback: { fill: () => ({ step: { adapter: "offline" } }) },
  },
  RunFiguresService: { ListRunFigures: plain, ListModelCalls: plain },
  WorkFiguresService: { ListWorkFigures: plain, ListTroubles: plain },
  StandingsService: { ListStandings: plain },
  QueuesService: { ListQueues: plain },
  TemplatesService: { ListTemplates: plain, SendTestMail: { fill: () => ({ kind: "draft_ready" }) } },
  PausesService: {
    ListPauses: plain,
    PauseRuns: { fill: ({ tenant }) => ({ tenantRef: tenant, role: "topic-researcher" }) },
    ResumeRuns: { last: true },
  },
  PlansService: {
    CreatePlan: { fill: deliverables },
    GetPlan: plain,
    ListPlans: plain,
    UpdatePlan: { fill: deliverables },
    ApprovePlan: plain,
    ListPeriods: plain,
    ListActivityTemplates: plain,
  },
  ActivityTemplatesService: {
    ListTemplateRecords: plain,
    // Without the reviews after it, writing is no template.
    PublishTemplate: {
      fill: () => ({ steps: [{ kind: 3, agentRole: "blog-writer" }] }),
      own: "invalid_argument",
    },
  },
  SavedFiltersService: {
    ListSavedFilters: plain,
    SaveFilter: {
      fill: ({ tenant: tenantRef }) => ({ filter: { place: 1, name: "Isolation", tenantRef } }),
      unlooked: "a filter for a tenant one no longer has shows nothing",
    },
    ForgetFilter: { last: true },
  },
  ActivitiesService: {
    ListActivities: plain,
    GetActivity: plain,
    HoldActivity: plain,
    ResumeActivity: plain,
    CancelActivity: { last: true },
    RetryActivity: plain,
    AddComment: plain,
    ListComments: plain,
  },
  ReviewsService: {
    ListReviewQueue: plain,
    FindInReviewQueue: plain,
    ApproveDraft: plain,
    EditAndApproveDraft: plain,
    RejectDraft: plain,
  },
  ReviewDeskService: {
    ListClaims: plain,
    ClaimReview: plain,
    GetDraftEdit: plain,
    SaveDraftEdit: plain,
    FindSimilar: plain,
    GetReviewStats: { fill: () => ({ days: 7, timeZone: "UTC" }) },
    ReleaseClaim: { last: true },
    DiscardDraftEdit: { last: true },
  },
  ApprovalsService: {
    ListApprovals: plain,
    ApproveContent: { fill: named },
    RejectContent: plain,
    ApproveBundle: {
      fill: (refs) => ({
        approvals: [{ activityRef: refs.activity, version: 1, contentHash: "none", ...named(refs) }],
      }),
    },
    // A revision no reviewer has let through isn't there for a client.
    MarkRevisionSeen: { own: "not_found" },
  },
  ApprovalLinksService: {
    MintApprovalLink: { own: "not_found" },
    OpenApprovalLink: wrongSecret("not_found"),
    DecideByApprovalLink: { fill: (refs) => ({ approved: true, ...named(refs) }), own: "not_found" },
    ListApprovalLinks: plain,
    RevokeApprovalLinks: { last: true },
  },
  ClientReviewService: {
    GetClientReview: plain,
    SetClientReview: { fill: ({ channel }) => ({ skips: [{ channelRef: channel }] }) },
  },
  ScheduleService: {
    ListCalendar: {
      fill: () => ({
        start: { seconds: 1_796_083_200n, nanos: 0 },
        end: { seconds: 1_798_761_600n, nanos: 0 },
      }),
    },
    RescheduleActivity: { fill: () => ({ publishOn: { seconds: 1_796_083_200n, nanos: 0 } }) },
  },
  ChannelsService: {
    // The channel is looked up first; then this site isn't its own.
    ConnectChannel: {
      own: "invalid_argument",
      fill: () => ({
        credentials: {
          case: "wordpress",
          value: { siteUrl: "http://10.9.8.7", username: "nobody", applicationPassword: "none" },
        },
      }),
    },
    TestChannel: plain,
    ListChannels: plain,
    DisconnectChannel: { last: true },
  },
  PublicationsService: { SettlePublication: plain },
  StrategiesService: {
    CreateStrategy: { fill: goals },
    GetStrategy: plain,
    ListStrategies: plain,
    UpdateStrategy: { fill: goals },
    ApproveStrategy: plain,
    ListStrategyVersions: plain,
    ListGoals: plain,
  },
  CreditsService: {
    GetBalance: plain,
    ListCreditEntries: plain,
    ReserveCredits: booking,
    SettleCredits: booking,
    ReleaseCredits: booking,
    GrantCredits: plain,
  },
  SubscriptionsService: {
    GetSubscription: plain,
    ListOfferings: plain,
    ChangeSubscription: { fill: () => ({ planCode: "free" }) },
  },
  PaymentsService: {
    CreateTopUp: plain,
    GetTopUp: plain,
    ReceivePaymentEvent: {
      fill: () => ({ provider: "razorpay", signature: "00", body: Buffer.from("{}") }),
      own: "unauthenticated",
    },
  },
  AuthService: {
    Register: wrongSecret("invalid_argument"),
    VerifyEmail: wrongSecret("invalid_argument"),
    // Addresses of their own: failures are counted by address.
    Login: { fill: ({ user }) => ({ email: `${user}@isolation.example` }), own: "unauthenticated" },
    LoginWithCode: wrongSecret("unauthenticated"),
    Refresh: wrongSecret("unauthenticated"),
    Logout: plain,
    RequestPasswordReset: plain,
    ResetPassword: wrongSecret("invalid_argument"),
    GetMe: plain,
    ChangePassword: {
      fill: (_refs, currentPassword) => ({ currentPassword, newPassword: "short" }),
      own: "invalid_argument",
    },
    ListSessions: plain,
    RevokeSession: { last: true },
    RevokeOtherSessions: { last: true, onCaller: true },
  },
  SecondFactorService: {
    GetSecondFactor: plain,
    StartTotp: signed,
    ConfirmTotp: wrongSecret("invalid_argument"),
    DisableTotp: signed,
    RegenerateRecoveryCodes: signed,
  },
  PasskeysService: {
    StartPasskeySignIn: plain,
    FinishPasskeySignIn: wrongSecret("unauthenticated"),
    ListPasskeys: plain,
    StartPasskeyRegistration: signed,
    FinishPasskeyRegistration: wrongSecret("invalid_argument"),
    RenamePasskey: plain,
    RemovePasskey: { ...signed, last: true },
  },
  KeysService: { GetJwks: plain, RotateKeys: plain },
  ServiceTokensService: { IssueServiceToken: wrongSecret("unauthenticated") },
  MailTokensService: { MintMailToken: wrongSecret("not_found") },
  UsersService: {
    BatchGetUsers: plain,
    ListUsers: plain,
    CreatePlatformUser: plain,
    ListUserSessions: plain,
    EndUserSessions: { last: true },
    ResetSecondFactor: { last: true },
  },
  SettingsService: {
    ListSettings: plain,
    ChangeSetting: { fill: () => ({ name: "promise.dm_review_hours", value: "24" }) },
    ResetSetting: { fill: () => ({ name: "promise.dm_review_hours" }) },
  },
  FeaturesService: {
    ListFeatures: plain,
    SetFeatureShare: { fill: () => ({ name: "bundle_approvals", share: 100 }) },
    SetTenantFeature: { fill: () => ({ name: "bundle_approvals", state: 3 }) },
  },
  ImpersonationService: {
    StartImpersonation: plain,
    OpenImpersonation: wrongSecret("unauthenticated"),
    ListImpersonations: plain,
    EndImpersonation: plain,
  },
  FeedService: { ListNotifications: plain, MarkNotificationsRead: plain },
  PreferencesService: {
    GetPreferences: plain,
    SetPreference: { fill: () => ({ preference: { kind: "draft_ready", inApp: true, email: true } }) },
  },
  FilesService: {
    UploadFile: {
      fill: () => ({ part: { case: "header", value: { name: "isolation.txt", mediaType: "text/plain" } } }),
    },
    GetFile: plain,
    ListFiles: plain,
    DeleteFile: { last: true },
  },
  RetrieveService: { Retrieve: plain },
  SearchService: { Search: plain },
  AuditService: { ListAuditEntries: plain, VerifyAuditChain: plain, VerifyAuditTrail: plain },
  DeadLettersService: { ListDeadLetters: plain, ReplayDeadLetter: { own: "not_found" } },
  CrawlService: {
    StartCrawl: nowhere("url"),
    GetCrawl: plain,
    ListCrawls: plain,
    ListWebsites: plain,
    ListCrawlPages: plain,
    CancelCrawl: { last: true },
  },
  OnboardingService: {
    GetOnboarding: plain,
    StartResearch: nowhere("website"),
    AcceptProposal: { fill: () => ({ fields: [{ field: 1, values: ["Isolation"] }] }) },
    SettleStep: { fill: () => ({ step: 1, state: 2 }) },
    PutOffOnboarding: plain,
    DiscardProposal: { last: true },
  },
  ContextService: {
    GetContext: plain,
    UpdateContext: { fill: () => ({ context: { companySummary: "Isolation" }, version: 1 }) },
    ListContextVersions: plain,
  },
  ContractsService: {
    GetContract: plain,
    GetContractDocument: plain,
    ListContracts: plain,
    AcceptContract: { fill: () => ({ documentHash: "0".repeat(64) }) },
    // Not a PDF: a contract that waits would close everything else.
    OfferContract: { fill: () => ({ document: Buffer.from("0".repeat(120)) }), own: "invalid_argument" },
  },
  DeletionsService: {
    // Suspends nobody: its name is never this.
    RequestTenantDeletion: { fill: () => ({ tenantName: "Another" }), own: "failed_precondition" },
    CancelTenantDeletion: plain,
    GetTenantDeletion: plain,
    ListTenantDeletions: plain,
  },
  ExportsService: { StartTenantExport: plain, GetTenantExport: plain, DownloadTenantExport: plain },
  TenantRecordsService: { CountTenantRecords: plain, EraseTenantRecords: plain, ExportTenantRecords: plain },
  TenantsService: {
    CreateTenant: { fill: () => ({ timeZone: "UTC", locale: "en", currency: "EUR" }) },
    GetTenant: plain,
    ListTenants: plain,
    UpdateTenant: { fill: () => ({ timeZone: "UTC", locale: "en" }) },
    SetTenantStatus: plain,
  },
  MembersService: {
    ListMembers: plain,
    InviteMember: { fill: () => ({ role: 1 }) },
    ListInvitations: plain,
    RevokeInvitation: { last: true },
    AcceptInvitation: wrongSecret("invalid_argument"),
    ChangeMemberRole: { fill: () => ({ role: 1 }) },
    RemoveMember: { last: true },
    ListMembershipsOfUser: plain,
    ListRecipients: plain,
    MintInvitationToken: plain,
  },
  AssignmentsService: {
    ListAssignments: plain,
    AssignReviewer: reviewer,
    UnassignReviewer: { ...reviewer, last: true },
  },
};

/** The fixture of `PlansService.GetPlan`; undefined when the table has none. */
export function fixtureOf(name: string): Fixture | undefined {
  const [service = "", method = ""] = name.split(".");
  return fixtures[service]?.[method];
}

/** What the table lacks, and what it has for methods that are gone; both empty when it is true. */
export function fixtureGaps(): { missing: string[]; gone: string[] } {
  const there = new Set(methods.map(({ name }) => name));
  const written = Object.entries(fixtures).flatMap(([service, of]) =>
    Object.keys(of).map((method) => `${service}.${method}`),
  );
  return {
    missing: [...there].filter((name) => !fixtureOf(name)),
    gone: written.filter((name) => !there.has(name)),
  };
}
