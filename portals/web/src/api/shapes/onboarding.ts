/** @module Getting a new company ready: its website, what was found there, the steps. */

export type OnboardingStepName = "company" | "website" | "context" | "channels" | "plan";
export type StepState = "open" | "done" | "skipped";
export type ContextFieldName =
  | "company_summary"
  | "brand_voice"
  | "audience"
  | "products"
  | "competitors"
  | "dos"
  | "donts"
  | "keywords"
  | "website";

export interface ProposalSource {
  number: number;
  title: string;
  /** Empty for an uploaded file. */
  url: string;
  locator: string;
  quote: string;
  fileRef: string;
}

export interface ProposedField {
  field: ContextFieldName;
  values: { text: string; sources: number[] }[];
}

export interface ContextProposal {
  fields: ProposedField[];
  sources: ProposalSource[];
  offline: boolean;
}

export interface AcceptedField {
  field: ContextFieldName;
  values: string[];
}

export interface Research {
  status: "none" | "crawling" | "writing" | "proposed" | "accepted" | "failed";
  website: string;
  crawlRef: string;
  runRef: string;
  proposal?: ContextProposal | null;
  problem: string;
  problemReason: string;
  accepted: AcceptedField[];
  acceptedVersion: number;
}

export interface Onboarding {
  status: "open" | "put_off" | "finished";
  steps: { step: OnboardingStepName; state: StepState }[];
  research: Research;
  version: number;
}

export interface Crawl {
  ref: string;
  startUrl: string;
  status: "queued" | "reading" | "indexing" | "finished" | "cancelled" | "failed";
  pagesFound: number;
  pagesRead: number;
  pagesUnchanged: number;
  pagesSkipped: number;
  pagesFailed: number;
  readingUrl: string;
  /** Null when it read all there was. */
  limitedBy?: "pages" | "time" | null;
  problem: string;
  problemReason: string;
  maxPages: number;
  /** The site was read before; what has changed since is counted below. */
  again: boolean;
  pagesAdded: number;
  pagesChanged: number;
  pagesGone: number;
  /** Of the first pages that are gone. */
  goneUrls: string[];
  createdOn?: string;
  finishedOn?: string | null;
}

export interface Website {
  /** Its host, without "www.". */
  site: string;
  latest: Crawl;
  /** The last that read it to its end. */
  lastRead?: Crawl | null;
  /** Before this moment it isn't read again. */
  againFrom?: string | null;
}

export interface WebPage {
  ref: string;
  url: string;
  title: string;
  status: "found" | "read" | "skipped" | "failed";
  problem: string;
  problemReason: string;
  depth: number;
  fileRef: string;
  /** Null when it has the text it had before. */
  change?: "added" | "changed" | null;
}
