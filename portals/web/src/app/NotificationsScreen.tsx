"use client";
import { AppLink, Button, cx, Dot, EmptyState, Page } from "@leadmetrics/ui";
import { useQuery } from "@tanstack/react-query";
import { frameQueries } from "../api/frame.ts";
import type { Notification } from "../api/shapes.ts";
import { tenantActions } from "../api/tenant.ts";
import { useAction } from "../view/useAction.ts";
import { Query } from "./Query.tsx";
import { useFormat } from "./useMe.tsx";

/** The feed: what happened that this person should know, newest first. */
export function NotificationsScreen({ portal }: { portal: "tenant" | "dm" }) {
  const feed = useQuery(frameQueries.notifications(portal));
  const read = useAction((refs: string[]) => tenantActions.markRead(refs, portal), {
    renews: ["notifications"],
  });
  const unread = feed.data?.unread ?? 0;
  return (
    <Page
      title="Notifications"
      width="read"
      actions={
        unread > 0 ? (
          <Button size="small" isPending={read.isPending} onPress={() => read.mutate([])}>
            Mark all as read
          </Button>
        ) : null
      }
    >
      <Query of={feed}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="bell" title="Nothing yet">
              When a draft waits for you, something is published or a channel needs you, it is told here and,
              if you like, by mail.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line border-y border-line">
              {items.map((one) => (
                <Line
                  key={one.ref}
                  one={one}
                  onOpen={() => (one.read ? undefined : read.mutate([one.ref]))}
                />
              ))}
            </ul>
          )
        }
      </Query>
    </Page>
  );
}

function Line({ one, onOpen }: { one: Notification; onOpen: () => void }) {
  const format = useFormat();
  const content = (
    <>
      <span className="pt-1.5">
        {one.read ? <span className="inline-block size-2" /> : <Dot tone="person" />}
      </span>
      <span className="min-w-0 flex-1">
        <span className={cx("block", !one.read && "font-semibold")}>
          {one.title}
          {one.read ? null : <span className="sr-only"> (unread)</span>}
        </span>
        {one.body ? <span className="line-clamp-2 text-muted">{one.body}</span> : null}
      </span>
      <time dateTime={one.createdOn} className="tabular shrink-0 text-xs text-muted">
        {format.relative(one.createdOn)}
      </time>
    </>
  );
  const row = "flex w-full gap-3 py-2.5 text-left text-sm hover:bg-hover";
  return (
    <li>
      {one.link ? (
        <AppLink href={one.link} onClick={onOpen} className={row}>
          {content}
        </AppLink>
      ) : (
        <button type="button" onClick={onOpen} className={row}>
          {content}
        </button>
      )}
    </li>
  );
}
