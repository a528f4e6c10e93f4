import { timestampDate } from "@bufbuild/protobuf/wkt";
import {
  type Activity,
  type Publication,
  PublicationStatus,
  type Target,
  TargetDecision,
} from "@leadmetrics/proto/content/v1/activities";

/** What became of a publication: there, surely not there, or not known. */
export type Outcome = "out" | "failed" | "unsure";

/** Milliseconds that news of one channel waits for the others that are on their way. */
export const TOGETHER_MS = 15_000;
/** Milliseconds within which what went out counts as one piece of news. */
const ONE_NEWS_MS = 600_000;

/** One channel's part in a piece of news. */
export interface Part {
  readonly publicationRef: string;
  /** Empty when it isn't known. */
  readonly channelName: string;
  readonly url: string;
  readonly problem: string;
}

const OUTCOMES: Readonly<Partial<Record<PublicationStatus, Outcome>>> = {
  [PublicationStatus.CONFIRMED]: "out",
  [PublicationStatus.FAILED]: "failed",
  [PublicationStatus.UNCONFIRMED]: "unsure",
};
export const outcomeOf = (status: PublicationStatus): Outcome | undefined => OUTCOMES[status];

const isOpen = (target: Target): boolean => target.decision !== TargetDecision.DECLINED;

function isDue(target: Target, activity: Activity, at: Date): boolean {
  const moment = target.publishOn ?? activity.publishOn;
  return !moment || timestampDate(moment) <= at;
}

/** Whether another channel of the activity is on its way, so that its news may come any moment. */
export function othersUnderWay(activity: Activity, own: Publication, at: Date): boolean {
  return activity.targets.some((target) => {
    if (!isOpen(target) || target.publicationRef === own.ref) return false;
    switch (target.publicationStatus) {
      case PublicationStatus.SENDING:
      case PublicationStatus.ACCEPTED:
        return true;
      case PublicationStatus.PREPARED:
        return isDue(target, activity, at);
      default:
        return false;
    }
  });
}

/**
 * The channels the same became of, in the plan's order, the publication's own among them; what went out long before is no
 * news.
 */
export function together(activity: Activity, own: Publication, at: Date): Part[] {
  const isNews = ({ publicationRef, publicationStatus, confirmedOn }: Target) =>
    publicationRef === own.ref ||
    (publicationStatus === own.status &&
      (!confirmedOn || at.getTime() - timestampDate(confirmedOn).getTime() < ONE_NEWS_MS));
  const parts = activity.targets.filter((target) => isOpen(target) && isNews(target));
  if (parts.some(({ publicationRef }) => publicationRef === own.ref)) return parts;
  return [{ publicationRef: own.ref, channelName: "", url: own.url, problem: own.problem }];
}

/** Where nothing goes, and where it goes another time, in a sentence each. */
export function restOf(activity: Activity, at: Date): string {
  const named = (targets: readonly Target[]) => listed(targets.map((target) => target.channelName));
  const left = activity.targets.filter((target) => !isOpen(target));
  const later = activity.targets.filter(
    (target) =>
      isOpen(target) &&
      target.publicationStatus === PublicationStatus.PREPARED &&
      !isDue(target, activity, at),
  );
  return [
    later.length > 0 ? `It goes out later on ${named(later)}.` : "",
    left.length > 0 ? `It was left out on ${named(left)}.` : "",
  ]
    .filter(Boolean)
    .join("\n");
}

/** "A", "A and B", "A, B and C". */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** What a template says of the parts. */
export interface Words {
  /** " on A and B"; empty when no channel is known by name. */
  readonly on: string;
  /** Where it is, a line for each. */
  readonly where: string;
  /** What is wrong, a line for each. */
  readonly why: string;
}

export function wordsOf(parts: readonly Part[]): Words {
  const names = parts.flatMap(({ channelName }) => (channelName ? [channelName] : []));
  const lines = (one: (part: Part) => string, only: (part: Part) => string) =>
    parts.length === 1
      ? parts.map(only).join("")
      : parts.map((part) => `${part.channelName}: ${one(part)}`).join("\n");
  return {
    on: names.length > 0 ? ` on ${listed(names)}` : "",
    where: lines(
      ({ url }) => url,
      ({ url }) => `It is at ${url}.`,
    ),
    why: lines(
      ({ problem }) => problem,
      ({ problem }) => problem,
    ),
  };
}
