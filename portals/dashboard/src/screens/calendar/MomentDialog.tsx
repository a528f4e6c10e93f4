"use client";
import { Button, DateField, Dialog, TextField } from "@leadmetrics/ui";
import { useFormat } from "@leadmetrics/web";
import { type FormEvent, useState } from "react";
import { dayOf, momentOf, timeText, USUAL_HOUR } from "./rules.ts";

/** Day and hour of one item, typed: for phones, and for exact times. */
export function MomentDialog({
  title,
  slot,
  clear,
  onClose,
  onMove,
}: {
  title: string;
  /** The moment it has now. */
  slot: string | undefined;
  /** What taking the moment away is called; it can't be without. */
  clear: string | undefined;
  onClose: () => void;
  onMove: (moment: string | null) => void;
}) {
  const { timeZone } = useFormat().manner;
  const [day, setDay] = useState(slot ? dayOf(slot, timeZone).toString() : "");
  const [time, setTime] = useState(slot ? timeText(slot, timeZone) : `0${USUAL_HOUR}:00`.slice(-5));
  const moment = momentOf(day, time, timeZone);
  const past = moment !== undefined && Date.parse(moment) < Date.now();
  const move = (event: FormEvent) => {
    event.preventDefault();
    if (moment && !past) onMove(moment);
  };
  return (
    <Dialog title="When does it go out?" isOpen onClose={onClose}>
      <form onSubmit={move} className="flex flex-col gap-4">
        <p className="text-sm text-muted" dir="auto">
          {title}
        </p>
        <div className="grid grid-cols-2 gap-3">
          <DateField label="Day" value={day} onChange={setDay} autoFocus />
          <TextField
            label="Time"
            value={time}
            onChange={setTime}
            placeholder="09:00"
            error={/^\d{2}:\d{2}$/.test(time) ? undefined : "Write it as 09:30."}
          />
        </div>
        <p className="text-sm text-muted">
          {past ? (
            <span className="text-bad">This moment has passed. Choose one to come.</span>
          ) : (
            `Times are those of your company: ${timeZone}.`
          )}
        </p>
        <div className="flex flex-wrap justify-end gap-2">
          {clear ? (
            <Button kind="quiet" onPress={() => onMove(null)}>
              {clear}
            </Button>
          ) : null}
          <span className="flex-1" />
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isDisabled={!moment || past}>
            Set date
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
