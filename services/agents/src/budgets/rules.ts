export const SCOPES = ["tenant", "role", "activity"] as const;
export type Scope = (typeof SCOPES)[number];
export const METRICS = ["money", "tokens", "runs"] as const;
export type Metric = (typeof METRICS)[number];

/** Money in millionths of a US dollar, tokens read and written, runs. */
export type Amounts = Readonly<Record<Metric, number>>;

export const NOTHING: Amounts = { money: 0, tokens: 0, runs: 0 };

/** Who wrote a cap: the platform for everybody, the platform for this tenant, or the tenant itself. */
export type Author = "default" | "platform" | "tenant";

export interface Cap {
  readonly author: Author;
  readonly scope: Scope;
  /** Empty unless the scope is a role. */
  readonly role: string;
  /** 0 is no limit. */
  readonly limits: Amounts;
}

/** What counts against the caps of one scope. */
export interface Use {
  readonly scope: Scope;
  readonly used: Amounts;
  /** Taken aside for runs at work. */
  readonly reserved: Amounts;
  /** What people were told about in this month. */
  readonly nearTold: readonly Metric[];
  readonly reachedTold: readonly Metric[];
}

/** What holds in a scope, and whose word each figure is. */
export interface Limits {
  readonly platform: Amounts;
  readonly own: Amounts;
  readonly inForce: Amounts;
  /** The platform's are the default ones. */
  readonly followsDefault: boolean;
}

/** The narrower of two limits; 0 is none. */
const narrower = (a: number, b: number): number => (a > 0 && b > 0 ? Math.min(a, b) : a + b);

export const each = (of: (metric: Metric) => number): Amounts => ({
  money: of("money"),
  tokens: of("tokens"),
  runs: of("runs"),
});

/** What holds in a scope: the platform's word for the tenant, else its default, and in either case no more than the tenant wants. */
export function limitsOf(caps: readonly Cap[], scope: Scope, role: string): Limits {
  const own = caps.filter((cap) => cap.scope === scope && cap.role === (scope === "role" ? role : ""));
  const by = (author: Author) => own.find((cap) => cap.author === author)?.limits;
  const special = by("platform");
  const platform = special ?? by("default") ?? NOTHING;
  const narrow = by("tenant") ?? NOTHING;
  return {
    platform,
    own: narrow,
    inForce: each((metric) => narrower(platform[metric], narrow[metric])),
    followsDefault: special === undefined,
  };
}

/** Share of a cap after which people are told. */
export const NEAR_SHARE = 0.8;

/** One cap that is spoken of: how full it is. */
export interface Fill {
  readonly scope: Scope;
  readonly metric: Metric;
  readonly used: number;
  readonly reserved: number;
  readonly limit: number;
  /** The tenant's own cap is the narrower one. */
  readonly own: boolean;
}

/** The caps of a scope that limit anything, with what counts against them. */
export function fillsOf(limits: Limits, use: Pick<Use, "scope" | "used" | "reserved">): Fill[] {
  return METRICS.filter((metric) => limits.inForce[metric] > 0).map((metric) => ({
    scope: use.scope,
    metric,
    used: use.used[metric],
    reserved: use.reserved[metric],
    limit: limits.inForce[metric],
    own:
      limits.own[metric] > 0 &&
      limits.own[metric] === limits.inForce[metric] &&
      limits.platform[metric] !== limits.own[metric],
  }));
}

export const shareOf = (fill: Fill): number => (fill.used + fill.reserved) / fill.limit;

export type Verdict =
  | { readonly kind: "fits"; readonly near: readonly Fill[] }
  /** It would fit if runs at work came to nothing: worth asking again soon. */
  | { readonly kind: "later"; readonly at: Fill }
  /** Until a cap is raised or the month turns. */
  | { readonly kind: "full"; readonly at: Fill };

/**
 * Whether a run may begin: what is used, what is taken aside for others and what it takes aside itself must not pass any cap.
 *
 * @param uses of every scope the run counts in, without what the run itself has taken aside
 */
export function admits(uses: readonly Use[], limits: (scope: Scope) => Limits, estimate: Amounts): Verdict {
  const fills = uses.flatMap((use) => fillsOf(limits(use.scope), use));
  // A run that is reckoned to use nothing doesn't begin at a full cap either: what it uses is only known after it.
  const isPast = (fill: Fill, taken: number) =>
    fill.used >= fill.limit || taken + estimate[fill.metric] > fill.limit;
  const past = fills.filter((fill) => isPast(fill, fill.used + fill.reserved));
  const full = past.find((fill) => isPast(fill, fill.used));
  if (full) return { kind: "full", at: full };
  const [waits] = past;
  if (waits) return { kind: "later", at: waits };
  const taken = fills.map((fill) => ({ ...fill, reserved: fill.reserved + estimate[fill.metric] }));
  return { kind: "fits", near: taken.filter((fill) => shareOf(fill) >= NEAR_SHARE) };
}

/** Those of them people have not been told about. */
export function untold(
  fills: readonly Fill[],
  uses: readonly Use[],
  what: "nearTold" | "reachedTold",
): Fill[] {
  return fills.filter(
    (fill) => !uses.some((use) => use.scope === fill.scope && use[what].includes(fill.metric)),
  );
}

const NAMES: Record<Scope, (role: string, title: string) => string> = {
  tenant: () => "the month's cap",
  role: (role) => `the month's cap of ${role}`,
  activity: (_role, title) => (title ? `the cap of “${title}”` : "the cap of this activity"),
};

/**
 * What a cap is called: "the month's cap of blog-writer on tokens".
 *
 * @param title of the activity, for those who don't look at it
 */
export const capName = (
  { scope, metric }: Pick<Fill, "scope" | "metric">,
  role: string,
  title = "",
): string => `${NAMES[scope](role, title)} on ${metric}`;

/** An amount as people read it: $1.25, 24,000 tokens, 3 runs. */
export function amountText(metric: Metric, amount: number): string {
  const number = new Intl.NumberFormat("en");
  if (metric === "tokens") return `${number.format(amount)} tokens`;
  if (metric === "runs") return `${number.format(amount)} ${amount === 1 ? "run" : "runs"}`;
  return new Intl.NumberFormat("en", { style: "currency", currency: "USD" }).format(amount / MICRO);
}

/** An amount beside its limit: "9,500" of "10,000 tokens". */
const shortAmount = (metric: Metric, amount: number): string =>
  metric === "money" ? amountText(metric, amount) : new Intl.NumberFormat("en").format(amount);

/**
 * What is used of a cap, for everybody: what models cost is the platform's own business, so money is told as a share.
 *
 * @returns "9,500" and "10,000 tokens"; "84%" and "the cap"
 */
export function usedOf(metric: Metric, amount: number, limit: number): { used: string; of: string } {
  return metric === "money"
    ? { used: percent(amount / limit), of: "the cap" }
    : { used: shortAmount(metric, amount), of: amountText(metric, limit) };
}

const percent = (share: number): string =>
  new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 }).format(share);

/** Why a run waits, in a sentence or two, for everybody. */
export function refusalText(
  verdict: Exclude<Verdict, { kind: "fits" }>,
  role: string,
  estimate: Amounts,
): string {
  const { at } = verdict;
  const said = usedOf(at.metric, at.used, at.limit);
  const used = `${said.used} of ${said.of} used`;
  const name = capName(at, role);
  if (verdict.kind === "later") {
    const limit = at.metric === "money" ? "" : `, ${amountText(at.metric, at.limit)}`;
    return `Runs at work may use up ${name}${limit}. It goes on by itself as soon as they leave room.`;
  }
  const isReached = at.used >= at.limit;
  const need = estimate[at.metric];
  const needed = at.metric === "money" ? `${percent(need / at.limit)} of it` : amountText(at.metric, need);
  const needs = isReached ? "" : `, and it may need ${needed}`;
  const until =
    at.scope === "activity" ? "when the cap is raised" : "when the cap is raised or the month turns";
  const how = isReached ? "is reached" : "leaves too little";
  return `${name[0]?.toUpperCase()}${name.slice(1)} ${how}: ${used}${needs}. It goes on by itself ${until}.`;
}

/** Millionths of a US dollar in one. */
export const MICRO = 1_000_000;
/** Millionths of a US dollar in a cent. */
export const MICRO_PER_CENT = 10_000;

/**
 * Tokens a prompt is reckoned to have: skills, client context, ten passages of knowledge and a draft with its notes. More
 * than nearly all have, so that what runs use stays below what was taken aside for them.
 */
const PROMPT_TOKENS = 16_000;

/**
 * What is taken aside for a run before its model is asked.
 *
 * @param costOf micro-USD of so many tokens read and written
 */
export function estimateOf(
  role: { readonly maxOutputTokens: number },
  costOf: (inputTokens: number, outputTokens: number) => number,
): Amounts {
  return {
    money: costOf(PROMPT_TOKENS, role.maxOutputTokens),
    tokens: PROMPT_TOKENS + role.maxOutputTokens,
    runs: 1,
  };
}
