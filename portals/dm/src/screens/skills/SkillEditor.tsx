"use client";
import {
  AppLink,
  Button,
  countWords,
  DiffView,
  ReasonDialog,
  SkeletonText,
  Tabs,
  TextArea,
  TextField,
  toast,
} from "@leadmetrics/ui";
import {
  ApiError,
  craftActions,
  craftQueries,
  Failure,
  Query,
  roleTitle,
  type SkillRecord,
  useAction,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useState } from "react";
import { SkillHistory } from "./SkillHistory.tsx";

const RENEWS = ["skills", "prompts"];

/** One skill: its draft to write, what it changes, and its versions. */
export function SkillEditor({ name }: { name: string }) {
  const skill = useQuery(craftQueries.skill(name));
  return (
    <Query of={skill} loading={<SkeletonText lines={12} />}>
      {(record) => <Editor record={record} onReload={async () => (await skill.refetch()).data?.version} />}
    </Query>
  );
}

interface Text {
  title: string;
  body: string;
}

/** What is told now; every record has at least version 0. */
const toldIn = (record: SkillRecord): Text =>
  record.versions.find(({ number }) => number === record.number) ?? { title: record.name, body: "" };

function Editor({
  record,
  onReload,
}: {
  record: SkillRecord;
  /** Answers with the version the record has now. */
  onReload: () => Promise<number | undefined>;
}) {
  const format = useFormat();
  const told = toldIn(record);
  const kept: Text = record.draft ?? told;
  /** What is written here and isn't kept yet, and the version of the record it was begun on. */
  const [writing, setWriting] = useState<Text & { on: number }>();
  const [publishing, setPublishing] = useState(false);
  const [tab, setTab] = useState("write");
  const text: Text = writing ?? kept;
  const unsaved = writing !== undefined && (writing.title !== kept.title || writing.body !== kept.body);
  const seen = writing?.on ?? record.version;
  const differs = text.title !== told.title || text.body.trim() !== told.body.trim();

  const done = () => setWriting(undefined);
  const save = useAction(
    (next: Text) =>
      craftActions.saveSkillDraft(record.name, { title: next.title, body: next.body, version: seen }),
    { renews: RENEWS, quiet: true, done },
  );
  const discard = useAction(() => craftActions.discardSkillDraft(record.name, record.version), {
    renews: RENEWS,
    done,
  });
  const publish = useAction(
    (note: string) => craftActions.publishSkill(record.name, { version: record.version, note }),
    {
      renews: RENEWS,
      quiet: true,
      done: (now) => {
        setPublishing(false);
        toast(`Version ${now.number} of “${told.title}” is told to agents from now on`, { tone: "ok" });
      },
    },
  );
  useLeaveGuard(unsaved);
  const write = (change: Partial<Text>) => setWriting({ on: seen, ...text, ...change });
  const ready = unsaved && text.title.trim() !== "" && text.body.trim() !== "" && !save.isPending;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "s" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    if (ready) save.mutate(text);
  };
  const refused = save.error instanceof ApiError ? save.error.fields : {};
  const conflict = save.error instanceof ApiError && save.error.code === "skill_changed";
  const draft = record.draft;

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the key for what its own button does
    <div className="flex flex-col gap-5" onKeyDown={onKeyDown}>
      <AppLink href="/skills" className="flex min-h-11 items-center text-sm text-muted md:hidden">
        All skills
      </AppLink>
      <header className="flex flex-col gap-1">
        <h2 className="text-lg font-semibold">{told.title}</h2>
        <p className="text-sm text-muted">
          {record.number === 0 ? "As delivered" : `Version ${record.number}`} · told to{" "}
          {record.roles.map(roleTitle).join(", ") || "nobody yet"}, for every tenant
        </p>
      </header>
      <Tabs
        label="Skill"
        selected={tab}
        onSelect={setTab}
        items={[
          {
            id: "write",
            label: draft || unsaved ? "Draft" : "Text",
            content: (
              <div className="flex flex-col gap-4">
                {save.error ? <Failure of={save.error} /> : null}
                {conflict ? (
                  <Button
                    className="self-start"
                    onPress={async () => {
                      const on = await onReload();
                      if (on === undefined) return;
                      save.reset();
                      setWriting({ ...text, on });
                    }}
                  >
                    Look at theirs, keep my words here
                  </Button>
                ) : null}
                <TextField
                  label="Title"
                  value={text.title}
                  onChange={(title) => write({ title })}
                  error={refused.title}
                  maxLength={80}
                />
                <TextArea
                  label="Instructions"
                  help="Markdown. Agents read it word for word, with the tenant's own voice after it."
                  value={text.body}
                  onChange={(body) => write({ body })}
                  error={refused.body}
                  rows={14}
                  maxLength={12_000}
                  mono
                />
              </div>
            ),
          },
          {
            id: "changes",
            label: "Changes",
            content: differs ? (
              <DiffView
                asWritten
                before={`${told.title}\n\n${told.body}`}
                after={`${text.title}\n\n${text.body.trim()}`}
              />
            ) : (
              <p className="text-sm text-muted">
                It says what agents are told now. What you change in the text is shown here, word by word.
              </p>
            ),
          },
          {
            id: "history",
            label: "History",
            count: record.versions.length,
            content: (
              <SkillHistory
                record={record}
                onRestore={(version) => {
                  write({ title: version.title, body: version.body });
                  setTab("write");
                }}
              />
            ),
          },
        ]}
      />
      <footer className="sticky bottom-0 -mx-10 flex min-h-14 flex-wrap items-center gap-2 border-t border-line bg-bg px-10 py-2 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:-mx-4 max-md:px-4">
        <span role="status" className="text-sm text-muted">
          {countWords(text.body)} words ·{" "}
          {unsaved
            ? "not kept yet"
            : draft
              ? `draft of ${draft.savedByName || "a reviewer"}, ${format.relative(draft.savedOn ?? undefined)}`
              : "no draft"}
        </span>
        <span className="flex-1" />
        {unsaved || draft ? (
          <Button
            kind="quiet"
            isPending={discard.isPending}
            onPress={() => (draft && !unsaved ? discard.mutate(undefined) : setWriting(undefined))}
          >
            {unsaved ? "Undo my changes" : "Discard draft"}
          </Button>
        ) : null}
        <Button isDisabled={!ready} isPending={save.isPending} onPress={() => save.mutate(text)}>
          Keep draft
        </Button>
        <Button
          kind="primary"
          isDisabled={!draft || unsaved || !differs}
          onPress={() => {
            publish.reset();
            setPublishing(true);
          }}
        >
          Publish…
        </Button>
      </footer>
      <ReasonDialog
        title={`Publish version ${record.number + 1}`}
        confirm="Publish"
        isOpen={publishing}
        onClose={() => setPublishing(false)}
        onConfirm={(note) => publish.mutate(note)}
        isPending={publish.isPending}
        failure={publish.error ? <Failure of={publish.error} /> : null}
      >
        Every run of {record.roles.map(roleTitle).join(", ") || "the agents that have it"} that begins after
        this is told it, for every tenant. Runs that are at work go on with what they have.
      </ReasonDialog>
    </div>
  );
}

/** Asks before the page is left with words that are nowhere else. */
function useLeaveGuard(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [unsaved]);
}
