/** What stands beside an item's draft, or opens over it: one file that comes while the item itself is being asked for. */
export { CommentThreads, RejectDialog, RevisionsPane, SourcesPane, Timeline } from "@leadmetrics/web";
export { ItemFacts } from "./ItemFacts.tsx";
export { MailedLinks } from "./MailedLinks.tsx";
export { SettleNote } from "./SettleNote.tsx";
export { WritingNow } from "./WritingNow.tsx";
