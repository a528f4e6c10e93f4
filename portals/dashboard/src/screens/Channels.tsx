"use client";
import { Button, Dialog, EmptyState, Icon, IconButton, Menu, Page, Status, toast } from "@leadmetrics/ui";
import {
  type Channel,
  Query,
  tenantActions,
  tenantQueries,
  useAction,
  useFormat,
  useMayEdit,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ConnectWordPress } from "./channels/ConnectWordPress.tsx";

/** Where approved content goes. */
export function ChannelsScreen() {
  const channels = useQuery(tenantQueries.channels);
  const mayEdit = useMayEdit();
  const [connecting, setConnecting] = useState(false);
  // One of them is what to do first.
  const lost = channels.data?.items.some((one) => one.status === "expired");
  const connect = mayEdit ? (
    <Button kind={lost ? "plain" : "primary"} onPress={() => setConnecting(true)}>
      Connect WordPress
    </Button>
  ) : null;
  return (
    <Page title="Channels" width="read" actions={channels.data?.items.length ? connect : null}>
      <Query of={channels}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="plug" title="No channel yet" action={connect}>
              Connect your WordPress site, and approved posts are published there. Until then they wait as
              approved.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line border-y border-line">
              {items.map((channel) => (
                <ChannelLine key={channel.ref} channel={channel} mayEdit={mayEdit} />
              ))}
            </ul>
          )
        }
      </Query>
      <Dialog title="Connect WordPress" isOpen={connecting} onClose={() => setConnecting(false)}>
        <ConnectWordPress onDone={() => setConnecting(false)} onCancel={() => setConnecting(false)} />
      </Dialog>
    </Page>
  );
}

function ChannelLine({ channel, mayEdit }: { channel: Channel; mayEdit: boolean }) {
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const [renewing, setRenewing] = useState(false);
  const test = useAction(() => tenantActions.testChannel(channel.ref), {
    renews: ["channels"],
    done: (now) =>
      toast(now.status === "connected" ? `${now.name} answers and accepts us.` : now.problem, {
        tone: now.status === "connected" ? "ok" : "bad",
      }),
  });
  const disconnect = useAction(() => tenantActions.disconnectChannel(channel.ref), {
    renews: ["channels"],
    done: () => setAsking(false),
  });
  return (
    <li className="flex items-center gap-x-4 gap-y-2 py-3 text-sm max-md:flex-wrap">
      <div className="min-w-0 flex-1 max-md:basis-full">
        <p className="font-semibold">{channel.name}</p>
        <a
          href={channel.url}
          target="_blank"
          rel="noopener noreferrer"
          className="inline-flex max-w-full items-center gap-1 truncate text-muted hover:underline max-md:min-h-11"
        >
          {channel.url} <Icon of="external-link" size={12} />
        </a>
        {channel.problem ? <p className="mt-1 text-bad">{channel.problem}</p> : null}
      </div>
      <div className="shrink-0 text-right max-md:flex-1 max-md:text-left">
        <Status state={channel.status} />
        <p className="text-xs text-muted">
          {channel.testedOn ? `tested ${format.relative(channel.testedOn)}` : ""}
        </p>
      </div>
      {mayEdit ? (
        <>
          {channel.status === "expired" ? (
            <Button kind="primary" onPress={() => setRenewing(true)}>
              Connect again
            </Button>
          ) : (
            <Button
              className="max-md:hidden"
              isPending={test.isPending}
              onPress={() => test.mutate(undefined)}
            >
              Test
            </Button>
          )}
          <Menu
            label={channel.name}
            trigger={
              <IconButton label={`More for ${channel.name}`}>
                <Icon of="ellipsis" />
              </IconButton>
            }
            actions={[
              { id: "test", label: "Test", onAction: () => test.mutate(undefined) },
              { id: "again", label: "Another password…", onAction: () => setRenewing(true) },
              { id: "disconnect", label: "Disconnect…", danger: true, onAction: () => setAsking(true) },
            ]}
          />
        </>
      ) : null}
      <Dialog title={`Connect ${channel.name} again`} isOpen={renewing} onClose={() => setRenewing(false)}>
        <ConnectWordPress
          again={channel}
          onDone={() => setRenewing(false)}
          onCancel={() => setRenewing(false)}
        />
      </Dialog>
      <Dialog
        title={`Disconnect ${channel.name}?`}
        isOpen={asking}
        onClose={() => setAsking(false)}
        footer={
          <>
            <Button kind="quiet" onPress={() => setAsking(false)}>
              Keep it
            </Button>
            <Button
              kind="danger"
              isPending={disconnect.isPending}
              onPress={() => disconnect.mutate(undefined)}
            >
              Disconnect
            </Button>
          </>
        }
      >
        <p>
          Its password is forgotten. What was published stays there; approved items for it wait until you
          connect it again.
        </p>
      </Dialog>
    </li>
  );
}
