/** The state machine's words, each with the tone of its dot: the same word for the same state on every screen. */

import { sentence } from "../lib/sentence.ts";

export type Tone = "neutral" | "agent" | "person" | "ok" | "warn" | "bad";

interface Word {
  word: string;
  tone: Tone;
}

const words: Record<string, Word> = {
  // activities
  planned: { word: "Planned", tone: "neutral" },
  queued: { word: "Queued", tone: "agent" },
  working: { word: "Working", tone: "agent" },
  dm_review: { word: "In DM review", tone: "person" },
  client_review: { word: "In client review", tone: "person" },
  changes_requested: { word: "Changes requested", tone: "warn" },
  approved: { word: "Approved", tone: "ok" },
  scheduled: { word: "Scheduled", tone: "ok" },
  publishing: { word: "Publishing", tone: "agent" },
  published: { word: "Published", tone: "ok" },
  unconfirmed: { word: "Unconfirmed", tone: "warn" },
  publish_failed: { word: "Publishing failed", tone: "bad" },
  failed: { word: "Failed", tone: "bad" },
  on_hold: { word: "On hold", tone: "neutral" },
  cancelled: { word: "Cancelled", tone: "neutral" },
  // runs
  requested: { word: "Requested", tone: "neutral" },
  admitted: { word: "Admitted", tone: "agent" },
  awaiting_credits: { word: "Awaiting credits", tone: "warn" },
  awaiting_config: { word: "Awaiting configuration", tone: "warn" },
  succeeded: { word: "Succeeded", tone: "ok" },
  // strategies, plans, versions
  draft: { word: "Draft", tone: "neutral" },
  awaiting_approval: { word: "Awaiting approval", tone: "person" },
  completed: { word: "Completed", tone: "ok" },
  archived: { word: "Archived", tone: "neutral" },
  // channels
  connected: { word: "Connected", tone: "ok" },
  expired: { word: "Expired", tone: "bad" },
  unreachable: { word: "Unreachable", tone: "bad" },
  disconnected: { word: "Disconnected", tone: "neutral" },
  // publications
  prepared: { word: "Prepared", tone: "neutral" },
  sending: { word: "Sending", tone: "agent" },
  accepted: { word: "Accepted", tone: "agent" },
  declined: { word: "Not published here", tone: "neutral" },
  confirmed: { word: "Confirmed", tone: "ok" },
  // files
  uploaded: { word: "Uploaded", tone: "neutral" },
  parsing: { word: "Being read", tone: "agent" },
  chunking: { word: "Being cut", tone: "agent" },
  embedding: { word: "Being indexed", tone: "agent" },
  indexed: { word: "Ready", tone: "ok" },
  refused: { word: "Refused", tone: "bad" },
  // exports and deletions of tenants
  ready: { word: "Ready", tone: "ok" },
  waiting: { word: "Waiting", tone: "neutral" },
  erased: { word: "Erased", tone: "warn" },
  verified: { word: "Verified", tone: "ok" },
  // proposals
  taken_over: { word: "Taken over", tone: "ok" },
  // tenants, people
  active: { word: "Active", tone: "ok" },
  suspended: { word: "Suspended", tone: "bad" },
  pending: { word: "Pending", tone: "neutral" },
};

/** The word and tone of a state; an unknown state reads as itself. */
export function statusWord(state: string): Word {
  const key = state.toLowerCase();
  return words[key] ?? { word: sentence(key), tone: "neutral" };
}
