"use client";
import { Button, toast } from "@leadmetrics/ui";
import { useEffect, useState } from "react";

/** The codes of this once: they can't be shown again. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const text = codes.join("\n");
  const [href, setHref] = useState<string>();
  useEffect(() => {
    const url = URL.createObjectURL(
      new Blob([`Leadmetrics recovery codes\n\n${text}\n`], { type: "text/plain" }),
    );
    setHref(url);
    return () => URL.revokeObjectURL(url);
  }, [text]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast("Copied.", { tone: "ok" }),
      () => toast("The browser didn't let us copy. Select the codes and copy them.", { tone: "bad" }),
    );
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm">
        Keep these where you keep your passwords. Each signs you in once when your phone isn't at hand. They
        are shown only now.
      </p>
      <ol
        aria-label="Recovery codes"
        className="grid gap-x-6 gap-y-1 rounded-control border border-line p-3 font-mono text-sm sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="quiet" onPress={() => void copy()}>
          Copy
        </Button>
        <a
          href={href}
          download="leadmetrics-recovery-codes.txt"
          className="inline-flex min-h-8 items-center rounded-control px-3 text-sm font-semibold text-muted hover:bg-hover hover:text-text max-md:min-h-11"
        >
          Download
        </a>
        <Button kind="primary" onPress={onDone}>
          I have kept them
        </Button>
      </div>
    </div>
  );
}
