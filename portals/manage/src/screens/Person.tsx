"use client";
import {
  Button,
  type Column,
  CopyCode,
  DataTable,
  Facts,
  Page,
  ReasonDialog,
  Section,
  SkeletonRows,
  toast,
} from "@leadmetrics/ui";
import {
  adminQueries,
  Failure,
  platformActions,
  platformQueries,
  Query,
  type Session,
  type User,
  useAction,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { roleName } from "./people/words.ts";
import { Impersonate } from "./tenant/Impersonate.tsx";

/** One person: where they are signed in, and what is done for them when they can't do it themselves. */
export function PersonScreen({ userRef }: { userRef: string }) {
  const users = useQuery(adminQueries.users());
  const user = users.data?.items.find((one) => one.ref === userRef);
  return (
    <Page
      title={user?.name || user?.email || "Person"}
      crumbs={[{ href: "/people", label: "People" }]}
      width="read"
    >
      <Query of={users}>
        {() =>
          user ? (
            <div className="flex flex-col gap-8">
              <About user={user} />
              {user.platformRole ? null : <InTheirPlace user={user} />}
              <SignIn user={user} />
            </div>
          ) : (
            <p className="text-muted">There is no such person.</p>
          )
        }
      </Query>
    </Page>
  );
}

function About({ user }: { user: User }) {
  const format = useFormat();
  return (
    <Facts
      items={[
        ["E-mail", user.email],
        ["Role", roleName(user)],
        ["Address", user.emailVerified ? "confirmed" : "not confirmed"],
        ["Since", format.date(user.createdOn)],
        ["Reference", <CopyCode key="r" value={user.ref} />],
      ]}
    />
  );
}

function InTheirPlace({ user }: { user: User }) {
  return (
    <Section
      title="In their place"
      aside={<Impersonate whom={{ userRef: user.ref }} name={user.name || user.email} />}
    >
      <p className="text-sm text-muted">
        The dashboard as this person sees it, in the company they used last. Nothing can be changed there.
      </p>
    </Section>
  );
}

type Asking = "sessions" | "factor";

function SignIn({ user }: { user: User }) {
  const sessions = useQuery(platformQueries.userSessions(user.ref));
  const format = useFormat();
  const [asking, setAsking] = useState<Asking>();
  const close = () => setAsking(undefined);
  const end = useAction((reason: string) => platformActions.endSessions(user.ref, reason), {
    renews: ["sessions"],
    quiet: true,
    done: ({ ended }) => {
      close();
      toast(ended === 1 ? "One session ended." : `${ended} sessions ended.`);
    },
  });
  const reset = useAction((reason: string) => platformActions.resetSecondFactor(user.ref, reason), {
    renews: ["sessions"],
    quiet: true,
    done: () => {
      close();
      toast("The second factor is off. They set up a new one after they sign in.");
    },
  });
  const columns: Column<Session>[] = [
    { key: "app", header: "Portal", cell: (row) => portals[row.app] ?? row.app },
    { key: "ip", header: "Address", cell: (row) => row.ip, width: "10rem", wide: true },
    {
      key: "used",
      header: "Last used",
      cell: (row) => <span className="text-muted">{format.relative(row.lastUsedOn)}</span>,
      width: "9rem",
      align: "right",
    },
  ];
  return (
    <>
      <Section
        title="Signed in"
        aside={
          sessions.data && sessions.data.items.length > 0 ? (
            <Button kind="danger" onPress={() => setAsking("sessions")}>
              Sign out everywhere
            </Button>
          ) : undefined
        }
      >
        <Query of={sessions} loading={<SkeletonRows rows={2} />}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="border-y border-line py-3 text-sm text-muted">Nowhere at the moment.</p>
            ) : (
              <DataTable label="Sessions" columns={columns} rows={items} rowKey={(row) => row.ref} />
            )
          }
        </Query>
      </Section>
      <Section
        title="Second factor"
        aside={
          sessions.data?.totpOn ? (
            <Button kind="danger" onPress={() => setAsking("factor")}>
              Reset
            </Button>
          ) : undefined
        }
      >
        <p className="text-sm text-muted">
          {sessions.data
            ? `${sessions.data.totpOn ? "Codes of an app are on." : "Codes of an app are off."} ${passkeys(sessions.data.passkeys)}`
            : null}
        </p>
      </Section>
      <ReasonDialog
        title={`Sign ${user.name || user.email} out everywhere?`}
        confirm="Sign out"
        danger
        isOpen={asking === "sessions"}
        onClose={close}
        onConfirm={(reason) => end.mutate(reason)}
        isPending={end.isPending}
        failure={end.error ? <Failure of={end.error} /> : null}
      >
        Every browser they are signed in with asks for their password again, at once.
      </ReasonDialog>
      <ReasonDialog
        title={`Reset the second factor of ${user.name || user.email}?`}
        confirm="Reset"
        danger
        isOpen={asking === "factor"}
        onClose={close}
        onConfirm={(reason) => reset.mutate(reason)}
        isPending={reset.isPending}
        failure={reset.error ? <Failure of={reset.error} /> : null}
      >
        Make sure that it is they who ask. Their codes stop working, they are signed out everywhere, and sign
        in with the password alone until they set up a new one.
      </ReasonDialog>
    </>
  );
}

const portals: Record<string, string> = { dashboard: "Dashboard", dm: "DM", manage: "Manage" };

const passkeys = (count: number): string =>
  count === 0 ? "No passkeys." : count === 1 ? "One passkey." : `${count} passkeys.`;
