"use client";
import { DraftView, SkeletonText } from "@leadmetrics/ui";
import { type Activity, type Channel, type Revision, useMe } from "@leadmetrics/web";
import { Lock } from "lucide-react";

interface Props {
  activity: Activity;
  revision: Revision;
  channel: Channel | undefined;
}

/** The item as people will see it on its channel. */
export function ChannelPreview({ activity, revision, channel }: Props) {
  return activity.contentType === "social_post" ? (
    <SocialPreview revision={revision} name={channel?.name} />
  ) : (
    <SitePreview revision={revision} channel={channel} />
  );
}

ChannelPreview.Skeleton = SkeletonText;

/** A page of the site, with its address as it will be. */
function SitePreview({ revision, channel }: { revision: Revision; channel: Channel | undefined }) {
  const host = channel ? new URL(channel.url).host : "your site";
  return (
    <figure className="overflow-hidden rounded-panel border border-line bg-surface">
      <figcaption className="flex h-9 items-center gap-2 border-b border-line px-4 text-xs text-muted">
        <Lock size={12} aria-hidden />
        <span className="min-w-0 truncate font-mono">
          {host}/{revision.slug || "…"}
        </span>
        <span className="flex-1" />
        {revision.offlineDraft ? <span className="shrink-0 text-warn-text">offline draft</span> : null}
      </figcaption>
      <div className="px-8 py-8 max-md:px-4 max-md:py-6">
        <h2 className="font-serif text-2xl font-semibold text-balance max-md:text-xl">{revision.title}</h2>
        {revision.excerpt ? (
          <p className="mt-3 max-w-[60ch] font-serif text-[17px] leading-relaxed text-muted">
            {revision.excerpt}
          </p>
        ) : null}
        <hr className="my-6 border-t border-line" />
        <DraftView markdown={withoutTitle(revision)} citations={revision.citations} />
      </div>
    </figure>
  );
}

function withoutTitle(revision: Revision): string {
  return revision.body.replace(/^\s*#\s+.+\n+/, "");
}

/** Where networks cut a post and show "see more". */
const FOLD = 210;

function SocialPreview({ revision, name: channelName }: { revision: Revision; name: string | undefined }) {
  const company = useMe()?.membership?.tenantName;
  const name = channelName ?? company;
  const text = withoutTitle(revision).trim();
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
        {revision.offlineDraft ? <span className="ml-auto text-xs text-warn-text">offline draft</span> : null}
      </div>
      <p className="px-4 py-4 whitespace-pre-wrap">{text}</p>
      <figcaption className="border-t border-line px-4 py-2 text-xs text-muted">
        <span className="tabular">{text.length}</span> characters
        {text.length > FOLD ? `, folded after ${FOLD}` : ", shown whole"}
      </figcaption>
    </figure>
  );
}
