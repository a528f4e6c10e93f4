"use client";
import { Button, Dialog, Icon, IconButton, NumberStepper, Select, toast } from "@leadmetrics/ui";
import {
  adminQueries,
  Failure,
  type Feature,
  settingsActions,
  type TenantFeatureState,
  useAction,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Becomes, Row } from "./Row.tsx";

const renews = ["features"];
/** Percent a press changes the share by. */
const STEP = 5;

export function FeatureRow({ feature }: { feature: Feature }) {
  const named = feature.tenants.length;
  return (
    <Row
      of={feature}
      value={
        <>
          {feature.share} % of the tenants
          {named > 0 ? <span className="block text-xs text-muted">{named} said by name</span> : null}
        </>
      }
      dialog={(onClose) => <Change feature={feature} onClose={onClose} />}
    />
  );
}

function Change({ feature, onClose }: { feature: Feature; onClose: () => void }) {
  const [share, setShare] = useState(feature.share);
  const save = useAction(
    (next: number) => settingsActions.setShare(feature.name, { share: next, version: feature.version }),
    {
      renews,
      quiet: true,
      done: (saved) => {
        toast(`${saved.title}: ${saved.share} % of the tenants.`, { tone: "ok" });
        onClose();
      },
    },
  );
  const same = share === feature.share;
  return (
    <Dialog
      title={feature.title}
      isOpen
      onClose={onClose}
      footer={
        <>
          {share === feature.defaultShare ? null : (
            <Button kind="quiet" className="mr-auto" onPress={() => setShare(feature.defaultShare)}>
              Back to {feature.defaultShare} %
            </Button>
          )}
          <Button kind="quiet" onPress={onClose}>
            {same ? "Close" : "Cancel"}
          </Button>
          <Button
            kind="primary"
            isDisabled={same}
            isPending={save.isPending}
            onPress={() => save.mutate(share)}
          >
            Save
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {save.error ? <Failure of={save.error} /> : null}
        <p className="text-sm text-muted">{feature.what}</p>
        <NumberStepper
          label="Percent of the tenants"
          help="A larger share takes it from nobody."
          min={0}
          max={100}
          step={STEP}
          value={share}
          onChange={setShare}
        />
        <Becomes before={`${feature.share} %`} after={`${share} %`} same={same} />
        <ByName feature={feature} />
      </div>
    </Dialog>
  );
}

/** Tenants of which something else is said than the share says; each change holds at once. */
function ByName({ feature }: { feature: Feature }) {
  const tenants = useQuery(adminQueries.tenants);
  const [chosen, setChosen] = useState("");
  const say = useAction(
    ({ tenantRef, state }: { tenantRef: string; state: TenantFeatureState }) =>
      settingsActions.setForTenant(tenantRef, feature.name, state),
    { renews, done: () => setChosen("") },
  );
  const named = new Set(feature.tenants.map(({ tenantRef }) => tenantRef));
  const choices = (tenants.data?.items ?? [])
    .filter(({ ref }) => !named.has(ref))
    .map(({ ref, name }) => ({ value: ref, label: name }));
  return (
    <div className="flex flex-col gap-2">
      <ul aria-label="Said by name" className="divide-y divide-line border-y border-line text-sm">
        {feature.tenants.length === 0 ? (
          <li className="py-2 text-muted">The share decides for every tenant.</li>
        ) : null}
        {feature.tenants.map((one) => (
          <li key={one.tenantRef} className="flex min-h-9 items-center gap-3">
            <span className="min-w-0 flex-1 truncate" dir="auto">
              {one.tenantName}
            </span>
            <span className="text-muted">{one.state === "on" ? "has it" : "doesn't have it"}</span>
            <IconButton
              label={`Let the share decide for ${one.tenantName}`}
              onPress={() => say.mutate({ tenantRef: one.tenantRef, state: "by_share" })}
            >
              <Icon of="x" />
            </IconButton>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-end gap-2">
        <Select
          className="basis-full"
          label="Say it for a tenant"
          choices={choices}
          value={chosen}
          onChange={setChosen}
          placeholder={choices.length === 0 ? "No further tenants" : "Choose"}
          isDisabled={choices.length === 0}
        />
        {(["on", "off"] as const).map((state) => (
          <Button
            key={state}
            isDisabled={!chosen}
            isPending={say.isPending && say.variables.state === state}
            onPress={() => say.mutate({ tenantRef: chosen, state })}
          >
            {state === "on" ? "Has it" : "Doesn't have it"}
          </Button>
        ))}
      </div>
    </div>
  );
}
