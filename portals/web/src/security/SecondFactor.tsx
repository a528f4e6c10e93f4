"use client";
import { Button, Dialog, Section, SkeletonRows, toast } from "@leadmetrics/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { securityActions, securityQueries } from "../api/security.ts";
import type { SecondFactor } from "../api/shapes.ts";
import { Query } from "../app/Query.tsx";
import { useFormat } from "../app/useMe.tsx";
import { ProveDialog } from "./ProveDialog.tsx";
import { RecoveryCodes } from "./RecoveryCodes.tsx";
import { TotpSetup } from "./TotpSetup.tsx";

/** Below this many, somebody should make new recovery codes. */
const FEW_CODES = 3;

/** Codes of an authenticator app, asked for after the password. */
export function SecondFactorSection() {
  const found = useQuery(securityQueries.secondFactor);
  return (
    <Section title="Codes from an app">
      <Query of={found} loading={<SkeletonRows rows={1} />}>
        {(state) => <State state={state} />}
      </Query>
    </Section>
  );
}

type Open = "setup" | "off" | "codes" | { fresh: string[] } | undefined;

function State({ state }: { state: SecondFactor }) {
  const [open, setOpen] = useState<Open>();
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: ["second-factor"] });
  const format = useFormat();
  const close = () => setOpen(undefined);
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-y border-line py-3 text-sm">
        {state.totpOn ? (
          <div className="min-w-0 flex-1 basis-60">
            <p>On since {format.date(state.totpSince ?? undefined)}.</p>
            <p className={state.recoveryCodesLeft < FEW_CODES ? "text-warn" : "text-muted"}>
              {codesLeft(state.recoveryCodesLeft)}
            </p>
          </div>
        ) : (
          <p className="min-w-0 flex-1 basis-60 text-muted">
            Off. With it, somebody who learns your password still can't sign in.
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          {state.totpOn ? (
            <>
              <Button onPress={() => setOpen("codes")}>New recovery codes</Button>
              <Button kind="danger" onPress={() => setOpen("off")}>
                Turn off
              </Button>
            </>
          ) : (
            <Button onPress={() => setOpen("setup")}>Set up</Button>
          )}
        </div>
      </div>
      {open === "setup" ? <TotpSetup onClose={close} onOn={() => void renew()} /> : null}
      {open === "off" ? (
        <ProveDialog
          title="Turn off codes from your app"
          label="Turn off"
          withCode
          danger
          onClose={close}
          act={async (proof) => {
            await securityActions.disableTotp(proof);
            await renew();
            toast("Codes from your app are off.", { tone: "ok" });
            close();
          }}
        >
          <p className="text-sm">
            Your password alone will be enough to sign in. Recovery codes stop working.
          </p>
        </ProveDialog>
      ) : null}
      {open === "codes" ? (
        <ProveDialog
          title="New recovery codes"
          label="Make new codes"
          withCode
          onClose={close}
          act={async (proof) => {
            const { recoveryCodes } = await securityActions.regenerateRecoveryCodes(proof);
            await renew();
            setOpen({ fresh: recoveryCodes });
          }}
        >
          <p className="text-sm">The codes you have now stop working.</p>
        </ProveDialog>
      ) : null}
      {typeof open === "object" ? (
        <Dialog title="Your recovery codes" isOpen onClose={close}>
          <RecoveryCodes codes={open.fresh} onDone={close} />
        </Dialog>
      ) : null}
    </>
  );
}

function codesLeft(count: number): string {
  if (count === 0) return "No recovery codes are left. Make new ones.";
  return `${count} recovery ${count === 1 ? "code is" : "codes are"} left.`;
}
