"use client";
import {
  Banner,
  Button,
  CopyCode,
  EmptyState,
  Facts,
  Page,
  SearchBox,
  Select,
  SidePanel,
} from "@leadmetrics/ui";
import {
  type AuditEntry,
  actorName,
  adminActions,
  adminQueries,
  capitalised,
  Failure,
  More,
  platformQueries,
  Query,
  useAction,
  useFormat,
} from "@leadmetrics/web";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";

/** How long typing rests before the trail is asked, milliseconds. */
const TYPING_MS = 300;

/** A tenant's record: narrowed to one thing or one trace, and checked for holes. */
export function AuditScreen() {
  const asked = useSearchParams();
  const router = useRouter();
  const tenants = useQuery(adminQueries.tenants);
  const [tenant, setTenant] = useState(asked.get("tenant") ?? "");
  const [text, setText] = useState(asked.get("trace") ?? asked.get("entity") ?? "");
  const [wanted, setWanted] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setWanted(text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const tenantRef = tenant || tenants.data?.items[0]?.ref || "";
  const choose = (ref: string) => {
    setTenant(ref);
    router.replace(`/audit?tenant=${ref}`);
  };
  return (
    <Page title="Audit trail">
      <Query of={tenants}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="scroll-text" title="No tenant yet">
              Whatever people, agents and services change for a tenant is recorded here.
            </EmptyState>
          ) : (
            <>
              <div className="mb-4 flex flex-wrap items-center gap-2">
                <Select
                  hideLabel
                  label="Tenant"
                  className="w-60 max-md:w-full"
                  choices={items.map((one) => ({ value: one.ref, label: one.name }))}
                  value={tenantRef}
                  onChange={choose}
                />
                <SearchBox
                  label="Reference or trace"
                  placeholder="Reference of a thing, or id of a trace"
                  className="min-w-64 flex-1"
                  value={text}
                  onChange={setText}
                />
                <Verify tenantRef={tenantRef} />
              </div>
              {tenantRef ? (
                <Trail
                  key={`${tenantRef} ${wanted}`}
                  tenantRef={tenantRef}
                  wanted={wanted}
                  onTrace={setText}
                />
              ) : null}
            </>
          )
        }
      </Query>
    </Page>
  );
}

/** Traces are 32 hexadecimal digits; everything else is a thing's reference. */
const isTrace = (text: string): boolean => /^[0-9a-f]{32}$/i.test(text);

function Trail({
  tenantRef,
  wanted,
  onTrace,
}: {
  tenantRef: string;
  wanted: string;
  onTrace: (trace: string) => void;
}) {
  const filter = wanted === "" ? {} : isTrace(wanted) ? { traceId: wanted } : { entityRef: wanted };
  const trail = useInfiniteQuery(platformQueries.trail(tenantRef, filter));
  const people = useQuery(adminQueries.users());
  const format = useFormat();
  const [open, setOpen] = useState<AuditEntry>();
  const who = (one: AuditEntry) =>
    one.actorName ||
    people.data?.items.find((user) => user.ref === one.actor?.id)?.name ||
    actorName(one.actor) ||
    "Someone";
  const entries = trail.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Query of={trail}>
        {() =>
          entries.length === 0 ? (
            <EmptyState
              icon="scroll-text"
              title={wanted ? "Nothing has this reference" : "Nothing is recorded yet"}
            >
              {wanted
                ? "Paste the whole reference of a record, or the 32 digits of a trace."
                : "The first change anybody makes for this tenant shows here."}
            </EmptyState>
          ) : (
            <ol className="divide-y divide-line border-y border-line text-sm">
              {entries.map((one) => (
                <li key={one.ref}>
                  <button
                    type="button"
                    onClick={() => setOpen(one)}
                    className="flex min-h-9 w-full items-center gap-4 text-left hover:bg-hover max-md:min-h-11"
                  >
                    <span className="tabular w-12 shrink-0 text-right text-xs text-muted max-md:hidden">
                      {one.sequence}
                    </span>
                    <span className="min-w-0 flex-1 truncate">{capitalised(one.summary || one.action)}</span>
                    <span className="max-w-36 shrink-0 truncate text-muted">{who(one)}</span>
                    <time
                      dateTime={one.occurredOn}
                      className="tabular w-28 shrink-0 text-right text-xs text-muted max-md:hidden"
                    >
                      {format.dateTime(one.occurredOn)}
                    </time>
                  </button>
                </li>
              ))}
            </ol>
          )
        }
      </Query>
      <More of={trail} />
      <SidePanel
        title={open ? capitalised(open.summary || open.action) : ""}
        isOpen={open !== undefined}
        onClose={() => setOpen(undefined)}
        footer={
          open?.traceId ? (
            <Button
              kind="primary"
              onPress={() => {
                onTrace(open.traceId);
                setOpen(undefined);
              }}
            >
              Follow the trace
            </Button>
          ) : null
        }
      >
        {open ? (
          <Facts
            items={[
              ["Action", open.action],
              ["By", who(open)],
              ["When", format.dateTime(open.occurredOn)],
              ["Kind", open.entityKind],
              ["Thing", open.entityRef ? <CopyCode key="e" value={open.entityRef} /> : undefined],
              ["Trace", open.traceId ? <CopyCode key="t" value={open.traceId} /> : undefined],
              ["Request", open.requestId ? <CopyCode key="r" value={open.requestId} /> : undefined],
              ["Number in the chain", open.sequence],
            ]}
          />
        ) : null}
      </SidePanel>
    </>
  );
}

/** Checks that no entry was changed or taken out: each carries the hash of the one before. */
function Verify({ tenantRef }: { tenantRef: string }) {
  const format = useFormat();
  const verify = useAction(() => adminActions.verifyAudit(tenantRef), { renews: [], quiet: true });
  const chain = verify.data;
  return (
    <>
      <Button isPending={verify.isPending} isDisabled={!tenantRef} onPress={() => verify.mutate(undefined)}>
        Verify chain
      </Button>
      {verify.error ? <Failure of={verify.error} className="w-full" /> : null}
      {chain ? (
        <Banner tone={chain.intact ? "info" : "bad"} className="w-full rounded-control border !px-3">
          {chain.intact
            ? `Intact: all ${format.number(chain.entries)} entries fit to the one before them.`
            : `Broken at entry ${format.number(chain.brokenAt)}: it was changed, or one before it is gone.`}
        </Banner>
      ) : null}
    </>
  );
}
