"use client";
import {
  Banner,
  Button,
  EmptyState,
  ErrorNote,
  NoPermission,
  NotThere,
  Progress,
  Skeleton,
  SkeletonRows,
  SkeletonText,
} from "@leadmetrics/ui";
import { Shelf, State } from "./Shelf.tsx";

const nothing = () => undefined;

export function FeedbackShelves() {
  return (
    <>
      <Shelf name="Skeleton" does="The shape of what is coming; never a spinner where a shape fits.">
        <State name="rows">
          <SkeletonRows rows={3} />
        </State>
        <State name="text">
          <SkeletonText lines={4} />
        </State>
        <State name="any shape">
          <Skeleton className="h-8 w-40" />
        </State>
      </Shelf>
      <Shelf name="EmptyState" does="What will be here, why there is nothing yet, and one thing to do.">
        <EmptyState icon="bot" title="No runs yet" action={<Button kind="primary">Approve a plan</Button>}>
          Agents start when a plan is approved.
        </EmptyState>
      </Shelf>
      <Shelf name="NoPermission" does="A person may not see this, and who can change that.">
        <NoPermission />
      </Shelf>
      <Shelf name="NotThere" does="Not there and not yours are said the same way.">
        <NotThere what="This run" />
      </Shelf>
      <Shelf name="ErrorNote" does="What happened and what to do, where it happened.">
        <State name="with a way on and an id">
          <ErrorNote
            message="The platform does not answer right now. Nothing was lost; try again in a moment."
            requestId="01M7YWW8VSEKSAQ3W12CW8PF9Q"
            onRetry={nothing}
          />
        </State>
        <State name="alone">
          <ErrorNote message="This was refused." />
        </State>
      </Shelf>
      <Shelf name="Banner" does="What holds for all of a page. It stays; what passes is a toast.">
        {(["info", "warn", "bad", "agent"] as const).map((tone) => (
          <Banner key={tone} tone={tone} action={<Button size="small">Look</Button>}>
            Work of all tenants is paused.
          </Banner>
        ))}
      </Shelf>
      <Shelf name="Progress" does="A thin line that fills; it moves while the length isn't known.">
        <Progress label="Known" value={0.6} />
        <Progress label="Unknown" />
        <Progress label="An agent's" value={0.3} tone="agent" />
      </Shelf>
    </>
  );
}
