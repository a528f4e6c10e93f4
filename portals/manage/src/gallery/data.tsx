"use client";
import {
  AppLink,
  Code,
  type Column,
  CopyCode,
  DataTable,
  Dot,
  Facts,
  Figure,
  Figures,
  Payload,
  Section,
  Status,
  Tabs,
} from "@leadmetrics/ui";
import { useState } from "react";
import { Shelf, State } from "./Shelf.tsx";

interface Row {
  title: string;
  state: string;
  words: number;
}
const rows: Row[] = [
  { title: "Why sourdough takes three days", state: "dm_review", words: 1240 },
  { title: "Bread for the weekend", state: "published", words: 180 },
  {
    title: "A title so long that it can't be shown whole in the narrow column it has to live in",
    state: "failed",
    words: 90,
  },
];
const columns: Column<Row>[] = [
  { key: "title", header: "Title", cell: (row) => row.title },
  { key: "state", header: "State", cell: (row) => <Status state={row.state} />, width: "11rem" },
  { key: "words", header: "Words", cell: (row) => row.words, width: "6rem", align: "right", wide: true },
];
const ref = "01M7YWW8VSEKSAQ3W12CW8PF9Q";

export function DataShelves() {
  const [open, setOpen] = useState("Bread for the weekend");
  const [tab, setTab] = useState("draft");
  return (
    <>
      <Shelf name="DataTable" does="Rows of 36 px, a head that stays, a first column that does on phones.">
        <DataTable
          label="Content"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.title}
          onOpen={(row) => setOpen(row.title)}
          selectedKey={open}
        />
      </Shelf>
      <Shelf name="Figures" does="Numbers people look for, with their history.">
        <Figures>
          <Figure label="Runs, today" value="128" history={[3, 9, 4, 12, 18, 11, 22]} note="2 failed" />
          <Figure label="Spend, today" value="$4.21" history={[0, 0, 1, 3, 2, 4, 4]} />
          <Figure label="Nothing yet" value="0" history={[0, 0, 0, 0]} />
          <Figure label="With a link" value="12k" href="#Figures" />
        </Figures>
      </Shelf>
      <Shelf name="Facts" does="Names and values; what is missing is left out.">
        <Facts
          items={[
            ["State", <Status key="s" state="active" />],
            ["Time zone", "Europe/Berlin"],
            ["Left out", undefined],
            ["Reference", <CopyCode key="c" value={ref} />],
          ]}
        />
      </Shelf>
      <Shelf name="Section" does="A part of a page; a line separates it, not a box.">
        <Section title="Reviewers" aside={<AppLink href="#Section">All</AppLink>}>
          <p className="text-sm text-muted">Its content.</p>
        </Section>
      </Shelf>
      <Shelf name="Tabs" does="Views of the same thing, one at a time.">
        <Tabs
          label="Views"
          selected={tab}
          onSelect={setTab}
          items={[
            { id: "draft", label: "Draft", content: <p className="text-sm">The draft.</p> },
            { id: "sources", label: "Sources", count: 4, content: <p className="text-sm">Four sources.</p> },
            { id: "none", label: "Comments", count: 0, content: <p className="text-sm">None.</p> },
          ]}
        />
      </Shelf>
      <Shelf name="Status" does="A dot and the state machine's word.">
        <span className="flex flex-wrap gap-x-6 gap-y-2">
          {[
            "planned",
            "working",
            "dm_review",
            "published",
            "unconfirmed",
            "failed",
            "on_hold",
            "suspended",
          ].map((state) => (
            <Status key={state} state={state} />
          ))}
        </span>
        <State name="the dots alone">
          <span className="flex gap-3">
            {(["neutral", "agent", "person", "ok", "warn", "bad"] as const).map((tone) => (
              <Dot key={tone} tone={tone} />
            ))}
          </span>
        </State>
      </Shelf>
      <Shelf name="Payload" does="Something machines wrote, laid out for reading.">
        <Payload json={JSON.stringify({ ref, title: "<img src=x onerror=alert(1)>", tries: 4 })} />
        <State name="an id">
          <Code>{ref}</Code>
        </State>
      </Shelf>
    </>
  );
}
