"use client";
import { AppLink, Button, ButtonLink, Icon, type IconName, toast } from "@leadmetrics/ui";
import {
  adminActions,
  platformActions,
  type Run,
  roleTitle,
  standingText,
  type Trouble,
  useAction,
  useAmount,
  useFormat,
  whyOf,
} from "@leadmetrics/web";
import { type ReactNode, useState } from "react";
import { capQuery } from "../budgets/words.ts";
import type { Need } from "./rules.ts";

/** So many at once; the rest after a press. */
const SHOWN = 12;

/** What needs a person: what it is, whose, since when, and the button that mends it. */
export function Needs({ needs, nameOf }: { needs: readonly Need[]; nameOf: (ref: string) => string }) {
  const [all, setAll] = useState(false);
  if (needs.length === 0) {
    return (
      <p className="flex items-center gap-3 border-y border-line py-4 text-sm">
        <Icon of="circle-check" className="text-ok" />
        <span>
          Nothing. <span className="text-muted">No dead letters, nothing stuck, every channel works.</span>
        </span>
      </p>
    );
  }
  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        {(all ? needs : needs.slice(0, SHOWN)).map((need) => (
          <NeedRow key={need.key} need={need} nameOf={nameOf} />
        ))}
      </ul>
      {needs.length > SHOWN && !all ? (
        <Button kind="quiet" size="small" className="mt-2" onPress={() => setAll(true)}>
          {needs.length - SHOWN} more
        </Button>
      ) : null}
    </>
  );
}

function NeedRow({ need, nameOf }: { need: Need; nameOf: (ref: string) => string }) {
  switch (need.kind) {
    case "dead_letter":
      return (
        <Row
          icon="mail-exclamation-point"
          what={<AppLink href="/dead-letters">{need.letter.eventType}</AppLink>}
          why={need.letter.error}
          since={need.since}
          fix={<Replay sequence={need.letter.sequence} />}
        />
      );
    case "activity":
      return (
        <Row
          icon="file-exclamation-point"
          what={need.trouble.title}
          why={`${nameOf(need.trouble.tenantRef)} · ${need.trouble.problem || "nobody owes the next move"}`}
          since={need.since}
          fix={<Retry trouble={need.trouble} />}
        />
      );
    case "channel":
      return (
        <Row
          icon="plug"
          what={need.trouble.title}
          why={`${nameOf(need.trouble.tenantRef)} · ${need.trouble.problem || `the channel is ${need.trouble.state}`}`}
          since={need.since}
          fix={<TestChannel trouble={need.trouble} />}
        />
      );
    case "run": {
      const { run } = need;
      return (
        <Row
          icon="timer"
          what={
            <AppLink href={`/runs/${run.tenantRef}/${run.ref}`}>
              {roleTitle(run.role)}: {run.title}
            </AppLink>
          }
          why={`${nameOf(run.tenantRef)} · ${whyOf(run)}`}
          since={need.since}
          fix={
            <ButtonLink
              size="small"
              href={
                run.status === "awaiting_credits"
                  ? `/tenants/${run.tenantRef}${run.errorClass === "budget" ? capQuery({ scope: "tenant", role: "" }) : ""}`
                  : `/agents?tenant=${run.tenantRef}`
              }
            >
              {fixOf(run)}
            </ButtonLink>
          }
        />
      );
    }
    case "credits": {
      const { standing } = need;
      return (
        <Row
          icon="coins"
          what={<AppLink href={`/tenants/${standing.tenantRef}`}>{nameOf(standing.tenantRef)}</AppLink>}
          why={`${standing.balance?.available ?? 0} credits are left, of ${standing.monthlyCredits} a month`}
          fix={
            <ButtonLink size="small" href={`/tenants/${standing.tenantRef}`}>
              Grant credits
            </ButtonLink>
          }
        />
      );
    }
    case "cap":
      return <CapRow need={need} name={nameOf(need.standing.tenantRef)} />;
    case "suspended":
      return (
        <Row
          icon="pause"
          what={<AppLink href={`/tenants/${need.tenant.ref}`}>{need.tenant.name}</AppLink>}
          why="Suspended: nobody signs in, nothing runs"
          fix={
            <ButtonLink size="small" href={`/tenants/${need.tenant.ref}`}>
              Open tenant
            </ButtonLink>
          }
        />
      );
  }
}

function fixOf({ status, errorClass }: Pick<Run, "status" | "errorClass">): string {
  if (status !== "awaiting_credits") return "Configure";
  return errorClass === "budget" ? "Raise the cap" : "Grant credits";
}

function CapRow({ need, name }: { need: Extract<Need, { kind: "cap" }>; name: string }) {
  const { standing, waiting, others } = need;
  const amount = useAmount();
  const href = `/tenants/${standing.tenantRef}${capQuery(standing)}`;
  return (
    <Row
      icon="gauge"
      what={<AppLink href={href}>{name}</AppLink>}
      why={[
        standingText(standing, amount),
        others > 0 ? `${others} more ${others === 1 ? "activity" : "activities"} near the cap` : "",
        waiting > 0 ? `${waiting} ${waiting === 1 ? "run waits" : "runs wait"}` : "",
      ]
        .filter(Boolean)
        .join(" · ")}
      fix={
        <ButtonLink size="small" href={href}>
          Raise the cap
        </ButtonLink>
      }
    />
  );
}

function Row({
  icon,
  what,
  why,
  since,
  fix,
}: {
  icon: IconName;
  what: ReactNode;
  why: string;
  since?: string;
  fix: ReactNode;
}) {
  const format = useFormat();
  return (
    <li className="flex min-h-12 items-center gap-3 py-1.5 text-sm">
      <Icon of={icon} className="text-warn-text" />
      <div className="min-w-0 flex-1 [&_a]:hover:underline">
        <p className="truncate">{what}</p>
        <p className="truncate text-xs text-muted">{why}</p>
      </div>
      {since ? (
        <time dateTime={since} className="tabular shrink-0 text-xs text-muted max-md:hidden">
          {format.relative(since)}
        </time>
      ) : null}
      <span className="shrink-0">{fix}</span>
    </li>
  );
}

function Replay({ sequence }: { sequence: number }) {
  const replay = useAction(() => adminActions.replay(sequence), {
    renews: ["dead-letters"],
    done: () => toast("Sent again.", { tone: "ok" }),
  });
  return (
    <Button size="small" isPending={replay.isPending} onPress={() => replay.mutate(undefined)}>
      Replay
    </Button>
  );
}

function Retry({ trouble }: { trouble: Trouble }) {
  const retry = useAction(() => platformActions.retryActivity(trouble), {
    renews: ["activities"],
    done: () => toast("Tried again.", { tone: "ok" }),
  });
  return (
    <Button size="small" isPending={retry.isPending} onPress={() => retry.mutate(undefined)}>
      Try again
    </Button>
  );
}

function TestChannel({ trouble }: { trouble: Trouble }) {
  const test = useAction(() => platformActions.testChannel(trouble.tenantRef, trouble.ref), {
    renews: ["activities"],
    done: (channel) =>
      toast(
        channel.status === "connected"
          ? "The channel works again."
          : channel.problem || "It still doesn't work.",
        { tone: channel.status === "connected" ? "ok" : "bad", lastsMs: 9000 },
      ),
  });
  return (
    <Button size="small" isPending={test.isPending} onPress={() => test.mutate(undefined)}>
      Test
    </Button>
  );
}
