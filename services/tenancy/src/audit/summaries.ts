/** What an entry says about its event, by action; the event's own fields in `{…}`. */
const SENTENCES: Record<string, string> = {
  // In the platform's chain, which outlives everybody: people stand in it by their reference only.
  "identity.user.registered": "Somebody signed up",
  "identity.user.verified": "Somebody confirmed their e-mail address",
  "identity.session.started": "A session was started",
  "identity.session.revoked": "A session ended ({reason})",
  "identity.sign_in_methods.changed": "How somebody signs in has changed",
  "identity.impersonation.started":
    "{adminName} (Leadmetrics) began to look at the dashboard in the place of {userName}: {reason}",
  "identity.impersonation.ended":
    "{adminName} (Leadmetrics) looks no more in the place of {userName}: {cause}. It was for: {reason}",
  "tenancy.setting.changed": 'The setting "{title}" was changed from "{before}" to "{after}"',
  "tenancy.feature.share_changed":
    'The share of the feature "{title}" was changed from {before} % to {after} %',
  "tenancy.feature.changed": 'The feature "{title}" is {state} for the company',
  "tenancy.tenant.created": "{name} was created",
  "tenancy.tenant.deletion_requested": "The company is to be deleted: {reason}",
  "tenancy.tenant.deletion_cancelled": "The deletion of the company was cancelled",
  "tenancy.tenant.deleted":
    "A company was deleted: {recordsErased} records in {stores} stores erased, {recordsKept} kept by law; proof sha256:{reportHash}",
  "tenancy.tenant.exported": "An export of everything was made: {records} records, sha256:{sha256}",
  "tenancy.member.invited": "{email} was invited",
  "tenancy.member.joined": "{name} joined",
  "tenancy.member.removed": "A member was removed",
  "tenancy.reviewer.assigned": "A reviewer was assigned",
  "tenancy.reviewer.unassigned": "A reviewer was unassigned",
  "tenancy.contract.offered": 'The contract "{title}" was put before the company',
  "tenancy.contract.accepted": 'The contract "{title}" was accepted',
  "tenancy.crawl.requested": "The website {url} is to be read",
  "tenancy.setup.requested": "A client context is to be proposed from {website}",
  "tenancy.context.proposed": "A client context was proposed from {website}",
  "tenancy.onboarding.changed": "The onboarding went on",
  "tenancy.context.updated": "The client context became version {version}",
  "content.strategy.approved": 'The strategy "{strategy.title}" was approved',
  "content.plan.created": 'The plan "{plan.title}" was written',
  "content.plan.approved": 'The plan "{plan.title}" was approved',
  "content.activity.created": '"{activity.title}" was planned',
  "content.activity.transitioned": '"{activity.title}" is {activity.status}',
  "content.activity.rescheduled": '"{activity.title}" was given another date',
  "content.client_review.changed": "Published without the client's own approval from now on: {description}",
  "content.approval_link.issued": "A link to decide by was mailed",
  "content.approval_link.used": "A decision was made by a mailed link",
  "content.approval_link.revoked": "Links to decide by were withdrawn",
  "content.revision.created": 'Revision {revision.number} of "{activity.title}" was written',
  "content.publication.confirmed": '"{activity.title}" was published at {publication.url}',
  "content.channel.connected": 'The channel "{channel.name}" was connected',
  "agents.run.started": "{run.role} started",
  "agents.run.succeeded": "{run.role} finished",
  "agents.run.failed": "{run.role} failed: {run.problem}",
  "rag.file.indexed": "{file.name} was indexed",
  "rag.file.refused": "{file.name} was refused: {file.problem}",
  "rag.crawl.started": "The website {crawl.startUrl} is being read",
  "rag.crawl.ended": "Reading {crawl.startUrl} ended: {crawl.status}, {crawl.pagesRead} pages",
};

/** One sentence on an event; plain words of the action where none is written. */
export function summaryOf(action: string, fields: Record<string, unknown>): string {
  const sentence = SENTENCES[action];
  if (!sentence) {
    const [, entity = "", verb = ""] = action.split(".");
    return `${entity} ${verb}`.replaceAll("_", " ");
  }
  return sentence.replaceAll(/\{([\w.]+)\}/g, (_, path: string) => wordAt(fields, path));
}

function wordAt(fields: Record<string, unknown>, path: string): string {
  let at: unknown = fields;
  for (const part of path.split("."))
    at = typeof at === "object" && at !== null ? Reflect.get(at, part) : undefined;
  if (at === undefined || at === null) return "?";
  // An enum value reads as its word: ACTIVITY_STATUS_DM_REVIEW is "dm review".
  return String(at).replace(/^[A-Z]+_STATUS_([A-Z_]+)$/, (_, word: string) =>
    word.toLowerCase().replaceAll("_", " "),
  );
}
