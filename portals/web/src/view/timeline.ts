import type { ActivityDetail, Actor, Approval, StepKind } from "../api/shapes.ts";
import { roleTitle } from "./words.ts";

export interface TimelineEntry {
  key: string;
  /** ISO; absent for what is still to come. */
  at: string | undefined;
  what: string;
  note?: string;
  tone: "neutral" | "agent" | "person" | "ok" | "warn" | "bad";
}

const stepNames: Record<StepKind, string> = {
  plan: "Plan",
  research: "Research",
  brief: "Brief",
  write: "Draft",
  dm_review: "DM review",
  client_review: "Client review",
  publish: "Publication",
};

const decisions = {
  approved: "approved",
  edited_and_approved: "edited and approved",
  rejected: "rejected",
} as const;

/** What an approval said of the channels it left out. */
const notHere = ({ channels = [] }: Approval, nameOf: (ref: string) => string): string[] =>
  channels.filter((one) => !one.approved).map((one) => `Not on ${nameOf(one.channelRef)}: ${one.note}`);

/** Whose setting approved something, as the reader would say. */
export type WhoseSetting = "your" | "the client's";

const whoDecided = ({ step, decision, bySetting }: Approval, whose: WhoseSetting): string =>
  bySetting
    ? `Approved by ${whose} setting`
    : `${step === "dm_review" ? "DM team" : "Client"} ${decisions[decision]}`;

/** One line for each thing that happened, newest first; steps to come stand before them, in reverse order. */
export function timelineOf(
  detail: ActivityDetail,
  nameOf: (actor: Actor | null | undefined) => string,
  whoseSetting: WhoseSetting = "the client's",
): TimelineEntry[] {
  const { targets } = detail.activity;
  const channel = (ref: string) => targets.find((one) => one.channelRef === ref)?.channelName ?? "a channel";
  const on = (ref: string) => (targets.length > 1 ? ` on ${channel(ref)}` : "");
  const past: TimelineEntry[] = [
    { key: "created", at: detail.activity.createdOn, what: "Planned", tone: "neutral" },
    ...detail.steps
      .filter((step) => step.finishedOn && step.agentRole)
      .map((step) => ({
        key: step.ref,
        at: step.finishedOn ?? undefined,
        what: `${stepNames[step.kind]} ${step.status === "failed" ? "failed" : "finished"} by the ${roleTitle(step.agentRole).toLowerCase()}`,
        tone: step.status === "failed" ? ("bad" as const) : ("agent" as const),
      })),
    ...detail.revisions.map((one) => ({
      key: one.ref,
      at: one.createdOn,
      what: `Version ${one.number} by ${one.author?.kind === "agent" ? "the agent" : nameOf(one.author) || "a person"}`,
      tone: one.author?.kind === "agent" ? ("agent" as const) : ("person" as const),
    })),
    // A setting approves in the same moment as the reviewer, after them.
    ...detail.approvals.toReversed().map((one) => ({
      key: one.ref,
      at: one.decidedOn,
      what: `${whoDecided(one, whoseSetting)}${nameOf(one.decidedBy) ? ` · ${nameOf(one.decidedBy)}` : ""}`,
      note: [one.note, ...notHere(one, channel)].filter(Boolean).join(" "),
      tone: one.decision === "rejected" ? ("warn" as const) : ("ok" as const),
    })),
    ...detail.publications
      .filter((one) => one.confirmedOn || one.problem)
      .map((one) => ({
        key: one.ref,
        // Trouble has no moment of its own: somebody has owed the next move since then.
        at: one.confirmedOn ?? detail.activity.owedSince ?? undefined,
        what:
          one.status === "confirmed"
            ? `Published${on(one.channelRef)}`
            : one.status === "failed"
              ? `Publishing${on(one.channelRef)} failed`
              : `Publication${on(one.channelRef)} not confirmed`,
        note: one.problem || one.url,
        tone: one.status === "confirmed" ? ("ok" as const) : ("bad" as const),
      })),
  ];
  past.sort((a, b) => Date.parse(b.at ?? "") - Date.parse(a.at ?? ""));
  const over = ["published", "cancelled"].includes(detail.activity.status);
  const toCome: TimelineEntry[] = over
    ? []
    : detail.steps
        .filter((step) => step.status === "pending")
        .map((step) => ({
          key: step.ref,
          at: undefined,
          what: stepNames[step.kind],
          tone: "neutral" as const,
        }))
        .reverse();
  return [...toCome, ...past];
}
