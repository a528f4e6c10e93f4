"use client";
import { Editor as Tiptap } from "@tiptap/core";
import { useEffect, useRef, useState } from "react";
import type { DraftEditorProps } from "../DraftEditor.tsx";
import { openDocument } from "./document.ts";
import { extensionsFor } from "./schema.ts";
import { Toolbar } from "./Toolbar.tsx";
import "./writing.css";

/** Milliseconds of quiet after which the text is handed on: writing thirty thousand words anew takes a few of them. */
const PAUSE_MS = 300;

export default function Editor({ label, markdown, citations = [], onChange }: DraftEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Tiptap>();
  const latest = useRef(onChange);
  latest.current = onChange;
  // Opened once: the document is the truth from then on.
  const opening = useRef({ markdown, citations, label });

  useEffect(() => {
    const { markdown, citations, label } = opening.current;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tiptap = new Tiptap({
      element: place.current,
      extensions: extensionsFor(citations),
      injectCSS: false,
      editorProps: {
        attributes: {
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": label,
          class: "reading writing min-h-[50dvh] outline-none",
        },
      },
    });
    const open = openDocument(tiptap.schema, markdown);
    tiptap.commands.setContent(open.doc.toJSON(), { emitUpdate: false });
    const hand = () => {
      clearTimeout(timer);
      timer = undefined;
      latest.current(open.toMarkdown(tiptap.state.doc));
    };
    tiptap.on("update", () => {
      clearTimeout(timer);
      timer = setTimeout(hand, PAUSE_MS);
    });
    tiptap.on("blur", () => timer && hand());
    // Leaving by a reload or a closed tab runs no clean-up.
    const onLeave = () => timer && hand();
    window.addEventListener("pagehide", onLeave);
    setEditor(tiptap);
    // At once, not in the next frame: what is typed as soon as the text is there belongs into it.
    tiptap.view.focus();
    return () => {
      window.removeEventListener("pagehide", onLeave);
      if (timer) hand();
      tiptap.destroy();
    };
  }, []);

  return (
    <div className="flex min-w-0 flex-col gap-4">
      {editor ? <Toolbar editor={editor} /> : <div className="h-9" />}
      <div ref={place} />
    </div>
  );
}
