"use client";
import { Button, Icon, Section, SkeletonRows, toast } from "@leadmetrics/ui";
import { useQuery } from "@tanstack/react-query";
import { securityActions, securityQueries } from "../api/security.ts";
import type { Session } from "../api/shapes.ts";
import { Query } from "../app/Query.tsx";
import { useFormat } from "../app/useMe.tsx";
import { useAction } from "../view/useAction.ts";
import { deviceName, isHandheld } from "./device.ts";

const portals: Record<Session["app"], string> = { dashboard: "Dashboard", dm: "DM", manage: "Manage" };

/** This one first, then the one used last. */
export function inOrder(sessions: readonly Session[]): Session[] {
  return [...sessions].sort(
    (a, b) => Number(b.current) - Number(a.current) || Date.parse(b.lastUsedOn) - Date.parse(a.lastUsedOn),
  );
}

/** Where somebody is signed in. */
export function SessionsSection() {
  const found = useQuery(securityQueries.sessions);
  const endOthers = useAction(securityActions.endOtherSessions, {
    renews: ["sessions"],
    done: ({ ended }) =>
      toast(ended === 1 ? "One other session has ended." : `${ended} other sessions have ended.`, {
        tone: "ok",
      }),
  });
  const end = useAction((session: Session) => securityActions.endSession(session.ref), {
    renews: ["sessions"],
    done: (_, session) => toast(`${deviceName(session.userAgent)} is signed out.`, { tone: "ok" }),
  });
  const others = found.data?.items.filter((session) => !session.current).length ?? 0;
  return (
    <Section
      title="Sessions"
      aside={
        // Stays when there is nothing to end: it has the focus, and screen readers are told of it by name.
        <Button
          isPending={endOthers.isPending}
          isDisabled={others === 0}
          onPress={() => endOthers.mutate(undefined)}
        >
          Sign out everywhere else
        </Button>
      }
    >
      <Query of={found} loading={<SkeletonRows rows={3} />}>
        {({ items }) => (
          <ul aria-label="Sessions" className="border-t border-line">
            {inOrder(items).map((session) => (
              <Row
                key={session.ref}
                session={session}
                isEnding={end.isPending && end.variables.ref === session.ref}
                onEnd={() => end.mutate(session)}
              />
            ))}
          </ul>
        )}
      </Query>
    </Section>
  );
}

function Row({ session, isEnding, onEnd }: { session: Session; isEnding: boolean; onEnd: () => void }) {
  const format = useFormat();
  const device = session.impersonated ? "Leadmetrics, looking in your place" : deviceName(session.userAgent);
  return (
    <li className="flex min-h-12 items-center gap-3 border-b border-line py-2 text-sm">
      <Icon
        of={session.impersonated ? "eye" : isHandheld(session.userAgent) ? "smartphone" : "laptop"}
        className="shrink-0 text-muted"
      />
      <div className="min-w-0 flex-1">
        <p className="truncate">
          {device} <span className="text-muted">· {portals[session.app]}</span>
        </p>
        <p className="text-xs text-muted">
          {session.ip ? `${session.ip} · ` : ""}
          {session.current ? "used now" : `used ${format.relative(session.lastUsedOn)}`} · since{" "}
          {format.dateTime(session.createdOn)}
        </p>
      </div>
      {session.current ? (
        <span className="text-sm font-semibold text-accent">This one</span>
      ) : (
        <Button
          kind="quiet"
          isPending={isEnding}
          onPress={onEnd}
          aria-label={`Sign out ${device}, used ${format.relative(session.lastUsedOn)}`}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}
