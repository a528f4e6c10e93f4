"use client";
import {
  Button,
  ButtonLink,
  Checkbox,
  DateField,
  FileDrop,
  Icon,
  IconButton,
  Key,
  NumberStepper,
  SearchBox,
  Select,
  Switch,
  TextArea,
  TextField,
} from "@leadmetrics/ui";
import { useState } from "react";
import { Shelf, State } from "./Shelf.tsx";

const kinds = ["primary", "plain", "quiet", "danger"] as const;
const choices = [
  { value: "blog", label: "Blog post", note: "about 1,200 words" },
  { value: "social", label: "Social post" },
];
const files = [
  { key: "1", name: "walks.md", size: 18_200, state: "sending", progress: 0.4 },
  { key: "2", name: "brand.pdf", size: 2_400_000, state: "reading", note: "Being read" },
  { key: "3", name: "prices.pdf", size: 92_000, state: "ready" },
  { key: "4", name: "logo.exe", size: 400, state: "refused", note: "This kind of file can't be read." },
] as const;
const nothing = () => undefined;

export function FormShelves() {
  const [text, setText] = useState("Crumb & Co Bakery");
  const [many, setMany] = useState("Mention the wood oven.\nLeave the price out.");
  const [choice, setChoice] = useState("blog");
  const [count, setCount] = useState(4);
  const [on, setOn] = useState(true);
  const [found, setFound] = useState("oven");
  return (
    <>
      <Shelf name="Button" does="One primary a view; danger for what can't be taken back.">
        {kinds.map((kind) => (
          <State key={kind} name={kind}>
            <span className="flex flex-wrap items-center gap-3">
              <Button kind={kind}>Approve</Button>
              <Button kind={kind} hint="a">
                With its key
              </Button>
              <Button kind={kind} size="small">
                Small
              </Button>
              <Button kind={kind} isPending>
                Pending
              </Button>
              <Button kind={kind} isDisabled>
                Disabled
              </Button>
            </span>
          </State>
        ))}
        <State name="link, icon, key">
          <span className="flex items-center gap-3">
            <ButtonLink href="#Button">Goes somewhere</ButtonLink>
            <IconButton label="Settings">
              <Icon of="settings" />
            </IconButton>
            <IconButton label="Settings, disabled" isDisabled>
              <Icon of="settings" />
            </IconButton>
            <Key>⌘K</Key>
          </span>
        </State>
      </Shelf>
      <Shelf name="TextField" does="One line of text; what is wrong with it stands below it.">
        <div className="grid gap-5 md:grid-cols-2">
          <TextField label="Company" value={text} onChange={setText} help="As clients know it." />
          <TextField label="With an error" value="nowhere" onChange={nothing} error="This is no address." />
          <TextField label="Disabled" value="Fixed" onChange={nothing} isDisabled />
          <TextField label="Empty" value="" onChange={nothing} placeholder="For example" isRequired={false} />
          <DateField label="A day" value="2026-12-31" onChange={nothing} />
          <SearchBox label="Find" value={found} onChange={setFound} className="self-end" />
        </div>
      </Shelf>
      <Shelf name="TextArea" does="Several lines; grows with what is typed.">
        <div className="grid gap-5 md:grid-cols-2">
          <TextArea label="Note" value={many} onChange={setMany} rows={3} />
          <TextArea label="In error" value="" onChange={nothing} rows={3} error="Say what should change." />
        </div>
      </Shelf>
      <Shelf name="Select" does="One of a short list; loads its list when it first opens.">
        <div className="grid gap-5 md:grid-cols-3">
          <Select label="Kind" choices={choices} value={choice} onChange={setChoice} />
          <Select label="Nothing chosen" choices={choices} value="" onChange={nothing} placeholder="Choose" />
          <Select label="Disabled" choices={choices} value="blog" onChange={nothing} isDisabled />
        </div>
      </Shelf>
      <Shelf name="NumberStepper" does="A quantity, by buttons, keys or typing.">
        <NumberStepper label="Posts a month" value={count} onChange={setCount} min={0} max={20} />
      </Shelf>
      <Shelf name="Checkbox" does="On or off, counted when the form is sent.">
        <span className="flex flex-wrap gap-6">
          <Checkbox isSelected={on} onChange={setOn}>
            Chosen
          </Checkbox>
          <Checkbox isSelected={false} onChange={nothing}>
            Not chosen
          </Checkbox>
          <Checkbox isSelected={false} isIndeterminate onChange={nothing}>
            Some of them
          </Checkbox>
          <Checkbox isSelected isDisabled onChange={nothing}>
            Disabled
          </Checkbox>
        </span>
      </Shelf>
      <Shelf name="Switch" does="On or off, at once.">
        <span className="flex flex-wrap gap-6">
          <Switch isSelected={on} onChange={setOn}>
            On
          </Switch>
          <Switch isSelected={false} onChange={nothing}>
            Off
          </Switch>
          <Switch isSelected={false} isDisabled onChange={nothing}>
            Disabled
          </Switch>
        </span>
      </Shelf>
      <Shelf name="FileDrop" does="Files by dropping, choosing or the keyboard, each with its progress.">
        <FileDrop
          accept={[".pdf", ".md"]}
          hint="PDF or Markdown, up to 10 MB"
          files={files}
          onFiles={nothing}
          onDismiss={nothing}
        />
      </Shelf>
    </>
  );
}
