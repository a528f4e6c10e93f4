"use client";
import { Button, Dialog, NumberStepper, Switch, TextField, toast } from "@leadmetrics/ui";
import { Failure, frameQueries, type PlatformSetting, settingsActions, useAction } from "@leadmetrics/web";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Becomes, Row } from "./Row.tsx";
import { valueText } from "./rules.ts";

/** Milliseconds in which the gateway has heard of a change. */
const HEARD_MS = 1_000;

export function SettingRow({ setting }: { setting: PlatformSetting }) {
  return (
    <Row
      of={setting}
      value={valueText(setting, setting.value)}
      dialog={(onClose) => <Change setting={setting} onClose={onClose} />}
    />
  );
}

function Change({ setting, onClose }: { setting: PlatformSetting; onClose: () => void }) {
  const [value, setValue] = useState(setting.value);
  const { name, version } = setting;
  const client = useQueryClient();
  const options = {
    renews: ["settings"],
    quiet: true,
    done: (saved: PlatformSetting) => {
      toast(`${saved.title}: ${valueText(saved, saved.value)}.`, { tone: "ok" });
      onClose();
      setTimeout(() => void client.invalidateQueries({ queryKey: frameQueries.platform.queryKey }), HEARD_MS);
    },
  };
  const save = useAction((next: string) => settingsActions.change(name, { value: next, version }), options);
  const reset = useAction(() => settingsActions.reset(name, version), options);
  const same = value.trim() === setting.value;
  const failure = save.error ?? reset.error;
  return (
    <Dialog
      title={setting.title}
      isOpen
      onClose={onClose}
      footer={
        <>
          {setting.value === setting.defaultValue ? null : (
            <Button
              kind="quiet"
              className="mr-auto"
              isPending={reset.isPending}
              onPress={() => reset.mutate(undefined)}
            >
              Reset to {valueText(setting, setting.defaultValue)}
            </Button>
          )}
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            isDisabled={same}
            isPending={save.isPending}
            onPress={() => save.mutate(value)}
          >
            Save
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {failure ? <Failure of={failure} /> : null}
        <p className="text-sm text-muted">{setting.what}</p>
        <Input setting={setting} value={value} onChange={setValue} />
        <Becomes
          before={valueText(setting, setting.value)}
          after={valueText(setting, value.trim())}
          same={same}
        />
      </div>
    </Dialog>
  );
}

function Input({
  setting: { type, title, min, max, unit, longest },
  value,
  onChange,
}: {
  setting: PlatformSetting;
  value: string;
  onChange: (value: string) => void;
}) {
  if (type === "switch")
    return (
      <Switch isSelected={value === "true"} onChange={(on) => onChange(String(on))}>
        {title}
      </Switch>
    );
  if (type === "number")
    return (
      <NumberStepper
        label={`From ${min} to ${max} ${unit}`}
        min={min}
        max={max}
        value={Number(value)}
        onChange={(next) => onChange(String(next))}
      />
    );
  return (
    <TextField
      label="Text"
      help={`At most ${longest} characters; empty for none.`}
      value={value}
      onChange={onChange}
      maxLength={longest}
    />
  );
}
