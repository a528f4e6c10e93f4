"use client";
import { Button, Icon, Status, TextArea, TextField } from "@leadmetrics/ui";
import type { ProposalSource } from "@leadmetrics/web";
import { useState } from "react";

/** One field of a proposal beside the quotes it rests on. */
export function ProposalField({
  label,
  help,
  kind,
  value,
  onChange,
  sources,
  isTaken,
  onTake,
  isTaking,
  error,
}: {
  label: string;
  help?: string;
  kind: "text" | "list" | "line";
  value: string;
  onChange: (text: string) => void;
  sources: readonly ProposalSource[];
  isTaken: boolean;
  /** Missing for people who only look. */
  onTake?: () => void;
  isTaking: boolean;
  error?: string;
}) {
  const common = { label, help, value, onChange, error, isDisabled: onTake === undefined };
  return (
    <div className="grid gap-x-8 gap-y-3 py-5 md:grid-cols-[minmax(0,1fr)_minmax(0,320px)]">
      <div className="flex min-w-0 flex-col gap-2">
        {kind === "line" ? (
          <TextField {...common} />
        ) : (
          <TextArea
            {...common}
            rows={kind === "list" ? 3 : 4}
            maxLength={kind === "text" ? 4000 : undefined}
          />
        )}
        <div className="flex min-h-8 items-center gap-3">
          {onTake ? (
            <Button
              size="small"
              isDisabled={isTaking || value.trim() === ""}
              onPress={onTake}
              aria-label={`${isTaken ? "Take over again" : "Take over"}: ${label}`}
            >
              {isTaken ? "Take over again" : "Take over"}
            </Button>
          ) : null}
          {isTaken ? <Status state="taken_over" /> : null}
        </div>
      </div>
      <div className="min-w-0 text-sm">
        <p className="mb-1.5 text-xs text-muted">Where it stands</p>
        {sources.length === 0 ? (
          <p className="text-muted">Your pages say nothing about this. Write it if it matters.</p>
        ) : (
          <Sources label={label} sources={sources} />
        )}
      </div>
    </div>
  );
}

/** Quotes that are shown before somebody asks for all of them. */
const SHOWN = 3;

function Sources({ label, sources }: { label: string; sources: readonly ProposalSource[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? sources : sources.slice(0, SHOWN);
  return (
    <>
      <ul aria-label={`Sources of ${label}`} className="flex flex-col gap-3">
        {shown.map((source) => (
          <li key={source.number}>
            {source.quote ? (
              <blockquote className="mb-1 border-l-2 border-line-strong pl-3 text-muted">
                {source.quote}
              </blockquote>
            ) : null}
            <p className={source.quote ? "pl-3.5" : ""}>
              <SourceName source={source} />
            </p>
          </li>
        ))}
      </ul>
      {sources.length > SHOWN ? (
        <Button size="small" kind="quiet" className="mt-2" aria-expanded={all} onPress={() => setAll(!all)}>
          {all ? "Show fewer" : `Show ${sources.length - SHOWN} more`}
        </Button>
      ) : null}
    </>
  );
}

function SourceName({ source: { url, title, locator } }: { source: ProposalSource }) {
  const name = [title || url, locator === title ? "" : locator].filter(Boolean).join(", ");
  if (url === "") return <span className="break-words">{name}</span>;
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className="inline-flex max-w-full items-center gap-1 text-accent hover:underline"
    >
      <span className="truncate">{name}</span>
      <Icon of="external-link" size={12} className="shrink-0" />
    </a>
  );
}
