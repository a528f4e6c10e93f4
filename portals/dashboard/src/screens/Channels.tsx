"use client";
import {
  Button,
  Dialog,
  EmptyState,
  Icon,
  IconButton,
  Menu,
  Page,
  Status,
  TextField,
  toast,
} from "@leadmetrics/ui";
import {
  ApiError,
  type Channel,
  Failure,
  Query,
  tenantActions,
  tenantQueries,
  useAction,
  useFormat,
  useMayEdit,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { Ellipsis, ExternalLink, Plug } from "lucide-react";
import { type FormEvent, useState } from "react";

/** Where approved content goes. */
export function ChannelsScreen() {
  const channels = useQuery(tenantQueries.channels);
  const mayEdit = useMayEdit();
  const [connecting, setConnecting] = useState(false);
  const connect = mayEdit ? (
    <Button kind="primary" onPress={() => setConnecting(true)}>
      Connect WordPress
    </Button>
  ) : null;
  return (
    <Page title="Channels" width="read" actions={channels.data?.items.length ? connect : null}>
      <Query of={channels}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={Plug} title="No channel yet" action={connect}>
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
      <Connect isOpen={connecting} onClose={() => setConnecting(false)} />
    </Page>
  );
}

function ChannelLine({ channel, mayEdit }: { channel: Channel; mayEdit: boolean }) {
  const format = useFormat();
  const [asking, setAsking] = useState(false);
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
    <li className="flex items-center gap-4 py-3 text-sm">
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{channel.name}</p>
        <a
          href={channel.url}
          target="_blank"
          rel="noopener noreferrer"
          className="inline-flex max-w-full items-center gap-1 truncate text-muted hover:underline"
        >
          {channel.url} <Icon of={ExternalLink} size={12} />
        </a>
        {channel.problem ? <p className="mt-1 text-bad">{channel.problem}</p> : null}
      </div>
      <div className="shrink-0 text-right">
        <Status state={channel.status} />
        <p className="text-xs text-muted">
          {channel.testedOn ? `tested ${format.relative(channel.testedOn)}` : ""}
        </p>
      </div>
      {mayEdit ? (
        <>
          <Button className="max-md:hidden" isPending={test.isPending} onPress={() => test.mutate(undefined)}>
            Test
          </Button>
          <Menu
            label={channel.name}
            trigger={
              <IconButton label={`More for ${channel.name}`}>
                <Icon of={Ellipsis} />
              </IconButton>
            }
            actions={[
              { id: "test", label: "Test", onAction: () => test.mutate(undefined) },
              { id: "disconnect", label: "Disconnect…", danger: true, onAction: () => setAsking(true) },
            ]}
          />
        </>
      ) : null}
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

function Connect({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const empty = { name: "", siteUrl: "", username: "", applicationPassword: "" };
  const [form, setForm] = useState(empty);
  const set = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  const connect = useAction(
    () =>
      tenantActions.connectWordPress({
        ...form,
        name: form.name.trim() || undefined,
        siteUrl: form.siteUrl.trim(),
      }),
    {
      renews: ["channels"],
      quiet: true,
      done: (channel) => {
        setForm(empty);
        onClose();
        toast(`${channel.name} is connected.`, { tone: "ok" });
      },
    },
  );
  const refused = connect.error instanceof ApiError ? connect.error.fields : {};
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    connect.mutate(undefined);
  };
  return (
    <Dialog title="Connect WordPress" isOpen={isOpen} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {connect.error ? <Failure of={connect.error} /> : null}
        <TextField
          label="Address of the site"
          type="url"
          placeholder="https://www.example.com"
          value={form.siteUrl}
          onChange={set("siteUrl")}
          error={refused.siteUrl}
          autoFocus
        />
        <TextField
          label="User name"
          value={form.username}
          onChange={set("username")}
          error={refused.username}
          autoComplete="off"
          help="An author or editor of the site."
        />
        <TextField
          label="Application password"
          type="password"
          autoComplete="off"
          value={form.applicationPassword}
          onChange={set("applicationPassword")}
          error={refused.applicationPassword}
          help="In WordPress: Users, Profile, Application Passwords. Not the password you sign in with."
        />
        <TextField
          label="Name"
          isRequired={false}
          value={form.name}
          onChange={set("name")}
          error={refused.name}
          help="The site's own name when left empty."
        />
        <div className="flex items-center justify-end gap-2">
          <span className="mr-auto text-sm text-muted">{connect.isPending ? "Asking the site…" : ""}</span>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            isPending={connect.isPending}
            isDisabled={!form.siteUrl || !form.username || !form.applicationPassword}
          >
            Test and connect
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
