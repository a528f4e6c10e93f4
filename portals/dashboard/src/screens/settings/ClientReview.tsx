"use client";
import { Button, Section, SkeletonRows, toast } from "@leadmetrics/ui";
import {
  type Channel,
  type ClientReview,
  type ContentType,
  clientActions,
  clientQueries,
  contentTypes,
  Failure,
  Query,
  tenantQueries,
  useAction,
  useActorName,
  useFormat,
  useMe,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { SkipTable } from "./SkipTable.tsx";
import { type Extent, extentOf, isChanged, placesOf, skipsOf } from "./skips.ts";

const TYPES = Object.keys(contentTypes) as ContentType[];

const EXTENTS: readonly { readonly extent: Extent; readonly title: string; readonly what: string }[] = [
  {
    extent: "none",
    title: "Everything waits for your approval",
    what: "Nothing is published before somebody of your company has said yes to it.",
  },
  {
    extent: "some",
    title: "Some of it goes out without",
    what: "What goes to several channels waits unless each of them is chosen.",
  },
  {
    extent: "all",
    title: "Nothing waits for your approval",
    what: "What our reviewer has approved is published at its hour.",
  },
];

/** What is published without the company's own approval. */
export function ClientReviewSection() {
  const review = useQuery(clientQueries.review);
  const channels = useQuery(tenantQueries.channels);
  return (
    <div id="approval" className="scroll-mt-16">
      <Section title="Your approval">
        <Query of={review} loading={<SkeletonRows rows={3} />}>
          {(one) => (
            <Query of={channels} loading={<SkeletonRows rows={3} />}>
              {({ items }) => <ClientReviewForm key={one.version} review={one} channels={items} />}
            </Query>
          )}
        </Query>
      </Section>
    </div>
  );
}

function ClientReviewForm({ review, channels }: { review: ClientReview; channels: readonly Channel[] }) {
  const mayChange = useMe()?.membership?.role === "owner";
  const [extent, setExtent] = useState(extentOf(review.skips));
  const [places, setPlaces] = useState(extent === "some" ? placesOf(review.skips, TYPES) : []);
  const skips = skipsOf(extent, places);
  const save = useAction(() => clientActions.setReview({ skips, version: review.version }), {
    renews: ["client-review", "activities", "approvals"],
    quiet: true,
    done: ({ returned }) => toast(savedText(returned), { tone: "ok" }),
  });
  const changed = isChanged(review.skips, skips);
  return (
    <div className="flex flex-col gap-4">
      {save.error ? <Failure of={save.error} /> : null}
      <fieldset disabled={!mayChange} className="flex flex-col gap-3">
        <legend className="sr-only">What waits for your approval</legend>
        {EXTENTS.map((one) => (
          <div key={one.extent} className="flex flex-col gap-3">
            <label className="flex min-h-8 items-start gap-2.5 text-sm max-md:min-h-11">
              <input
                type="radio"
                name="client-review"
                className="mt-1 accent-(--accent) max-md:size-5"
                checked={extent === one.extent}
                onChange={() => setExtent(one.extent)}
              />
              <span>
                {one.title}
                <span className="block text-muted">{one.what}</span>
              </span>
            </label>
            {one.extent === "some" && extent === "some" ? (
              <SkipTable
                types={TYPES}
                channels={channels}
                places={places}
                onChange={setPlaces}
                isDisabled={!mayChange}
              />
            ) : null}
          </div>
        ))}
      </fieldset>
      <p className="max-w-[68ch] text-sm text-muted">
        A person of our team reads every draft either way. What waits in your approvals now stays there. What
        goes out by this setting and is not published yet comes back to you when you change your mind.
      </p>
      {mayChange ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button
            kind={changed ? "primary" : "plain"}
            isPending={save.isPending}
            isDisabled={!changed}
            onPress={() => save.mutate(undefined)}
          >
            Save what waits for you
          </Button>
          <LastChange review={review} />
        </div>
      ) : (
        <p className="text-sm">Only an owner of your company can change this.</p>
      )}
    </div>
  );
}

function LastChange({ review }: { review: ClientReview }) {
  const format = useFormat();
  const name = useActorName()(review.changedBy);
  if (!review.changedOn) return null;
  return (
    <span className="text-sm text-muted">
      Set {name ? `by ${name} ` : ""}on {format.dateTime(review.changedOn)}
    </span>
  );
}

function savedText(returned: number): string {
  if (returned === 0) return "Saved.";
  return returned === 1
    ? "Saved. One item came back to your approvals."
    : `Saved. ${returned} items came back to your approvals.`;
}
