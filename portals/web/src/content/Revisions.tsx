"use client";
import { DiffView, Select } from "@leadmetrics/ui";
import { useState } from "react";
import type { Revision } from "../api/shapes.ts";
import { useFormat } from "../app/useMe.tsx";
import { useActorName } from "../view/actor-name.ts";
import { withTitle } from "./title.ts";

/** Two revisions against each other, word by word; starts with the last change. */
export default function Revisions({
  revisions,
  newest,
  before,
}: {
  revisions: readonly Revision[];
  newest: Revision;
  before: Revision;
}) {
  const format = useFormat();
  const actorName = useActorName();
  const [from, setFrom] = useState(before.ref);
  const [to, setTo] = useState(newest.ref);
  const choices = revisions.map((one) => ({
    value: one.ref,
    label: `Version ${one.number}`,
    note: [actorName(one.author), format.dateTime(one.createdOn)].filter(Boolean).join(" · "),
  }));
  const old = revisions.find((one) => one.ref === from) ?? before;
  const now = revisions.find((one) => one.ref === to) ?? newest;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex max-w-lg gap-3">
        <Select className="flex-1" label="From" choices={choices} value={old.ref} onChange={setFrom} />
        <Select className="flex-1" label="To" choices={choices} value={now.ref} onChange={setTo} />
      </div>
      <DiffView before={withTitle(old)} after={withTitle(now)} />
    </div>
  );
}
