"use client";
import {
  Button,
  bytes,
  EmptyState,
  FileDrop,
  Icon,
  IconButton,
  Page,
  Progress,
  part,
  Section,
  SkeletonRows,
  Status,
  TextField,
} from "@leadmetrics/ui";
import {
  Failure,
  type KnowledgeFile,
  Query,
  tenantActions,
  tenantQueries,
  useAction,
  useFormat,
  useMayEdit,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useUploads } from "./knowledge/useUploads.ts";

const Websites = part(
  async () => (await import("./knowledge/Websites.tsx")).Websites,
  <SkeletonRows rows={2} />,
);

const types = [".pdf", ".docx", ".md", ".markdown", ".html", ".htm", ".txt"];

/** The files and websites agents draw on and cite. */
export function KnowledgeScreen() {
  const files = useQuery(tenantQueries.files);
  const uploads = useUploads(files.data?.items ?? []);
  const mayEdit = useMayEdit();
  return (
    <Page title="Knowledge" width="read">
      <div className="flex flex-col gap-10">
        {mayEdit ? (
          <FileDrop
            accept={types}
            hint="PDF, Word, Markdown, HTML or text, up to 10 MB each"
            files={uploads.files}
            onFiles={uploads.add}
            onDismiss={uploads.dismiss}
          />
        ) : null}
        <Websites />
        <Section
          title="Files"
          aside={
            files.data ? <span className="tabular text-sm text-muted">{files.data.items.length}</span> : null
          }
        >
          <Query of={files}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState icon="book-open" title="No files yet">
                  Product sheets, price lists, past posts, interviews: what is here can be cited. What is not,
                  the agents must not claim.
                </EmptyState>
              ) : (
                <ul className="divide-y divide-line border-y border-line">
                  {items.map((file) => (
                    <FileLine key={file.ref} file={file} mayEdit={mayEdit} />
                  ))}
                </ul>
              )
            }
          </Query>
        </Section>
        {files.data?.items.some((file) => file.status === "indexed") ? <Ask /> : null}
      </div>
    </Page>
  );
}

const passages = (count: number, written: (count: number) => string): string =>
  `${written(count)} ${count === 1 ? "passage" : "passages"}`;

function FileLine({ file, mayEdit }: { file: KnowledgeFile; mayEdit: boolean }) {
  const format = useFormat();
  const remove = useAction(() => tenantActions.deleteFile(file.ref), { renews: ["files"] });
  const busy = file.status !== "indexed" && file.status !== "refused";
  return (
    <li className="flex min-h-11 items-center gap-4 py-1.5 text-sm">
      <div className="min-w-0 flex-1">
        <p className="truncate">{file.name}</p>
        {file.sourceUrl ? (
          <a
            href={file.sourceUrl}
            target="_blank"
            rel="noopener noreferrer"
            className="block truncate text-xs text-muted hover:underline"
          >
            {file.sourceUrl}
          </a>
        ) : null}
        {file.problem ? <p className="text-xs text-bad">{file.problem}</p> : null}
        {busy ? (
          <Progress className="mt-1" label={`Reading ${file.name}`} value={file.progressPercent / 100} />
        ) : null}
      </div>
      <span className="tabular w-36 shrink-0 text-right text-xs text-muted max-md:hidden">
        {file.status === "indexed" ? `${passages(file.chunkCount, format.number)} · ` : ""}
        {bytes(Number(file.sizeBytes))}
      </span>
      <Status state={file.status} className="w-28 shrink-0 max-md:w-auto" />
      {mayEdit ? (
        <IconButton
          label={`Delete ${file.name}`}
          isDisabled={remove.isPending}
          onPress={() => remove.mutate(undefined)}
        >
          <Icon of="trash" size={14} />
        </IconButton>
      ) : null}
    </li>
  );
}

/** Tries what agents would find: the passages nearest to a question. */
function Ask() {
  const [text, setText] = useState("");
  const ask = useAction(() => tenantActions.askKnowledge(text.trim()), { renews: [], quiet: true });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) ask.mutate(undefined);
  };
  return (
    <Section title="Try it">
      <form onSubmit={onSubmit} className="flex items-end gap-2">
        <TextField
          className="flex-1"
          label="A question"
          placeholder="What does the starter package cost?"
          value={text}
          onChange={setText}
          maxLength={500}
        />
        <Button type="submit" isPending={ask.isPending} isDisabled={!text.trim()}>
          Find passages
        </Button>
      </form>
      {ask.error ? <Failure of={ask.error} /> : null}
      {ask.data?.chunks.length === 0 ? (
        <p className="text-sm text-muted">No file says anything about this.</p>
      ) : null}
      <ol className="divide-y divide-line">
        {(ask.data?.chunks ?? []).map((chunk) => (
          <li key={chunk.ref} className="py-3 text-sm">
            <p className="font-semibold">
              {chunk.fileName}{" "}
              {chunk.locator ? <span className="font-normal text-muted">· {chunk.locator}</span> : null}
            </p>
            <p className="mt-1 line-clamp-5 text-muted">{chunk.text}</p>
          </li>
        ))}
      </ol>
    </Section>
  );
}
