"use client";
import { Key } from "../forms/Button.tsx";
import type { KeyGroup } from "./KeyMap.tsx";

/** What the keyboard map shows. */
export default function KeyList({ groups }: { groups: readonly KeyGroup[] }) {
  return (
    <div className="gap-x-10 gap-y-6 max-md:flex max-md:flex-col md:columns-2">
      {groups.map((group) => (
        <section key={group.title} className="mb-5 break-inside-avoid">
          <h3 className="mb-1 text-xs text-muted">{group.title}</h3>
          <ul className="divide-y divide-line">
            {group.lines.map((line) => (
              <li key={line.what} className="flex min-h-8 items-center justify-between gap-4 text-sm">
                <span>{line.what}</span>
                <span className="flex items-center gap-1">
                  {line.keys.map((key, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the same key may stand twice, and lines never move
                    <Key key={index}>{key}</Key>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
