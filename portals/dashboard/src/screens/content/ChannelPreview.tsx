"use client";
import { DraftView, Icon, SkeletonText } from "@leadmetrics/ui";
import { type Activity, type Revision, type Target, useMe } from "@leadmetrics/web";

type Draft = Pick<Revision, "title" | "body" | "excerpt" | "slug" | "offlineDraft" | "citations">;

/** The item as people will see it on its channel. */
export function ChannelPreview({
  activity,
  revision,
  target,
}: {
  activity: Pick<Activity, "contentType">;
  revision: Draft;
  /** Without one it goes nowhere yet. */
  target: Pick<Target, "channelName" | "channelUrl"> | undefined;
}) {
  const company = useMe()?.membership?.tenantName;
  return (
    <OnChannel
      contentType={activity.contentType}
      draft={revision}
      url={target?.channelUrl}
      name={target?.channelName ?? company}
    />
  );
}

ChannelPreview.Skeleton = SkeletonText;

/** The same for somebody who isn't signed in: all it needs is given. */
export function OnChannel({
  contentType,
  draft,
  url,
  name,
}: {
  contentType: Activity["contentType"];
  draft: Draft;
  /** The channel's address. */
  url: string | undefined;
  /** Who posts it. */
  name: string | undefined;
}) {
  return contentType === "social_post" ? (
    <SocialPreview draft={draft} name={name} />
  ) : (
    <SitePreview draft={draft} url={url} />
  );
}

/** A page of the site, with its address as it will be. */
function SitePreview({ draft, url }: { draft: Draft; url: string | undefined }) {
  const host = url && URL.canParse(url) ? new URL(url).host : "your site";
  return (
    <figure className="overflow-hidden rounded-panel border border-line bg-surface">
      <figcaption className="flex h-9 items-center gap-2 border-b border-line px-4 text-xs text-muted">
        <Icon of="lock" size={12} />
        <span className="min-w-0 truncate font-mono">
          {host}/{draft.slug || "…"}
        </span>
        <span className="flex-1" />
        {draft.offlineDraft ? <span className="shrink-0 text-warn-text">offline draft</span> : null}
      </figcaption>
      <div className="px-8 py-8 max-md:px-4 max-md:py-6" dir="auto">
        <h2 className="font-serif text-2xl font-semibold text-balance max-md:text-xl" dir="auto">
          {draft.title}
        </h2>
        {draft.excerpt ? (
          <p className="mt-3 max-w-[60ch] font-serif text-[17px] leading-relaxed text-muted" dir="auto">
            {draft.excerpt}
          </p>
        ) : null}
        <hr className="my-6 border-t border-line" />
        <DraftView markdown={withoutTitle(draft)} citations={draft.citations} />
      </div>
    </figure>
  );
}

function withoutTitle({ body }: Draft): string {
  return body.replace(/^\s*#\s+.+\n+/, "");
}

/** Networks know no Markdown: its marks are left out, its lines stay. */
function asNetworksShowIt(markdown: string): string {
  return markdown
    .replace(/^>\s?/gm, "")
    .replace(/^#{1,6}\s+/gm, "")
    .replace(/^[-*]\s+/gm, "• ")
    .replace(/(\*\*|__)(.+?)\1/g, "$2")
    .trim();
}

/** Where networks cut a post and show "see more". */
const FOLD = 210;

function SocialPreview({ draft, name }: { draft: Draft; name: string | undefined }) {
  const text = asNetworksShowIt(withoutTitle(draft));
  return (
    <figure className="mx-auto max-w-lg rounded-panel border border-line bg-surface">
      <div className="flex items-center gap-3 px-4 pt-4">
        <span className="flex size-10 items-center justify-center rounded-full bg-selected font-semibold text-accent">
          {(name ?? "You")[0]}
        </span>
        <div>
          <p className="text-sm font-semibold">{name ?? "Your company"}</p>
          <p className="text-xs text-muted">now</p>
        </div>
        {draft.offlineDraft ? <span className="ml-auto text-xs text-warn-text">offline draft</span> : null}
      </div>
      <p className="px-4 py-4 break-words whitespace-pre-wrap" dir="auto">
        {text}
      </p>
      <figcaption className="border-t border-line px-4 py-2 text-xs text-muted">
        <span className="tabular">{text.length}</span> characters
        {text.length > FOLD ? `, folded after ${FOLD}` : ", shown whole"}
      </figcaption>
    </figure>
  );
}
