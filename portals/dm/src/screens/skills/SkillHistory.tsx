"use client";
import { Button, DiffView, Icon } from "@leadmetrics/ui";
import { type SkillRecord, type SkillVersion, useFormat } from "@leadmetrics/web";
import { useState } from "react";

/** Every version, and what it changed when it is pressed; an older one becomes the draft of the next. */
export function SkillHistory({
  record,
  onRestore,
}: {
  record: SkillRecord;
  onRestore: (version: SkillVersion) => void;
}) {
  const format = useFormat();
  const [open, setOpen] = useState<number>();
  return (
    <ol className="flex flex-col">
      {record.versions.map((version, index) => {
        const before = record.versions[index + 1];
        const shown = open === version.number;
        return (
          <li key={version.number} className="flex flex-col gap-3 border-b border-line py-3">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
              <button
                type="button"
                aria-expanded={shown}
                className="min-h-6 rounded-[3px] font-semibold hover:underline max-md:min-h-11"
                onClick={() => setOpen(shown ? undefined : version.number)}
              >
                {version.number === 0 ? "As delivered" : `Version ${version.number}`}
              </button>
              {version.number === record.number ? (
                <span className="text-xs text-muted">· told now</span>
              ) : null}
              <span className="text-muted">
                {[version.publishedByName, version.publishedOn ? format.dateTime(version.publishedOn) : ""]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
              <span className="flex-1" />
              {version.number !== record.number ? (
                <Button size="small" kind="quiet" onPress={() => onRestore(version)}>
                  <Icon of="rotate-ccw" size={14} /> Restore
                </Button>
              ) : null}
            </div>
            {version.note ? <p className="text-sm">{version.note}</p> : null}
            {shown ? (
              before ? (
                <DiffView asWritten before={whole(before)} after={whole(version)} />
              ) : (
                <div className="reading whitespace-pre-wrap">{whole(version)}</div>
              )
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

const whole = ({ title, body }: SkillVersion): string => `${title}\n\n${body}`;
