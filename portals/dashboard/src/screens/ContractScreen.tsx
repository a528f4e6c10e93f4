"use client";
import { Button, Checkbox, Icon, Mark } from "@leadmetrics/ui";
import {
  type Contract,
  clientActions,
  contractDocument,
  Failure,
  frameQueries,
  useAction,
  useFormat,
  useMe,
} from "@leadmetrics/web";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

/** Tries, and the milliseconds between them, until an acceptance has reached every service. */
const TRIES = 20;
const PAUSE_MS = 250;

/** The contract and the acceptance of it. */
export default function ContractScreen({ contract }: { contract: Contract }) {
  const format = useFormat();
  const me = useMe();
  const client = useQueryClient();
  const [read, setRead] = useState(false);
  const role = me?.membership?.role;
  const mayAccept = role === "owner" || role === "admin";
  const accept = useAction(
    async () => {
      await clientActions.acceptContract(contract.ref, contract.documentHash);
      for (let tries = 0; tries < TRIES; tries++) {
        const opened = await client.fetchQuery({ ...frameQueries.tenant, staleTime: 0, retry: false }).then(
          () => true,
          () => false,
        );
        if (opened) return;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
    { renews: [], done: () => void client.resetQueries(), quiet: true },
  );
  const file = contractDocument(contract.ref);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-6 text-sm font-semibold max-md:px-4">
        <Mark /> Leadmetrics
        {me?.membership ? (
          <span className="ml-auto font-normal text-muted" dir="auto">
            {me.membership.tenantName}
          </span>
        ) : null}
      </header>
      <main
        id="main"
        className="mx-auto flex w-full max-w-[920px] flex-1 flex-col gap-4 px-6 py-6 max-md:px-4 max-md:py-4"
      >
        <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
          <div>
            <h1 className="text-xl font-semibold text-balance" dir="auto">
              {contract.title}
            </h1>
            <p className="mt-1 text-sm text-muted">
              Put before your company on {format.date(contract.offeredOn)}. Everything opens once it is
              accepted.
            </p>
          </div>
          <a
            href={file}
            target="_blank"
            rel="noopener"
            className="inline-flex min-h-8 items-center gap-1.5 text-sm text-accent hover:underline max-md:min-h-11"
          >
            <Icon of="external-link" size={14} /> Open the PDF by itself
          </a>
        </div>
        <iframe
          title={`The contract: ${contract.title}`}
          src={`${file}#toolbar=0&navpanes=0&view=FitH`}
          className="min-h-[50dvh] w-full flex-1 rounded-panel border border-line bg-surface"
        />
      </main>
      <footer className="sticky bottom-0 border-t border-line bg-bg px-6 py-3 max-md:px-4">
        <div className="mx-auto flex w-full max-w-[872px] flex-col gap-3">
          {accept.error ? <Failure of={accept.error} /> : null}
          {role === undefined ? null : mayAccept ? (
            <div className="flex items-center gap-4 max-md:flex-col max-md:items-stretch">
              <div className="min-w-0 flex-1">
                <Checkbox isSelected={read} onChange={setRead}>
                  I have read the contract and accept it for my company
                </Checkbox>
                <p className="mt-1 text-xs text-muted">
                  Kept with it: the time, your name, your address on the internet and your browser.
                </p>
              </div>
              <Button
                kind="primary"
                isDisabled={!read}
                isPending={accept.isPending}
                onPress={() => accept.mutate(undefined)}
              >
                I agree
              </Button>
            </div>
          ) : (
            <p className="text-sm">
              An owner or admin of your company accepts it. Everything opens for you as soon as they have.
            </p>
          )}
        </div>
      </footer>
    </div>
  );
}
