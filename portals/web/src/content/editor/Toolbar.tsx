"use client";
import { cx, Icon, type IconName } from "@leadmetrics/ui";
import type { ChainedCommands, Editor } from "@tiptap/core";
import { type FormEvent, useEffect, useState } from "react";

interface Tool {
  label: string;
  icon: IconName;
  /** What is on when the cursor stands in it. */
  active?: [string, Record<string, unknown>?];
  run: (chain: ChainedCommands) => ChainedCommands;
}

const tools: readonly Tool[] = [
  { label: "Bold", icon: "letter-b", active: ["bold"], run: (chain) => chain.toggleMark("bold") },
  { label: "Italic", icon: "italic", active: ["italic"], run: (chain) => chain.toggleMark("italic") },
  {
    label: "Struck out",
    icon: "strikethrough",
    active: ["strike"],
    run: (chain) => chain.toggleMark("strike"),
  },
  { label: "Code", icon: "code", active: ["code"], run: (chain) => chain.toggleMark("code") },
  {
    label: "Heading",
    icon: "heading-2",
    active: ["heading", { level: 2 }],
    run: (chain) => chain.toggleNode("heading", "paragraph", { level: 2 }),
  },
  {
    label: "Smaller heading",
    icon: "heading-3",
    active: ["heading", { level: 3 }],
    run: (chain) => chain.toggleNode("heading", "paragraph", { level: 3 }),
  },
  {
    label: "List",
    icon: "list",
    active: ["bulletList"],
    run: (chain) => chain.toggleList("bulletList", "listItem"),
  },
  {
    label: "Numbered list",
    icon: "list-ordered",
    active: ["orderedList"],
    run: (chain) => chain.toggleList("orderedList", "listItem"),
  },
  { label: "Quote", icon: "quote", active: ["blockquote"], run: (chain) => chain.toggleWrap("blockquote") },
];

/** What can be done to the text where the cursor stands; each has the usual key as well. */
export function Toolbar({ editor }: { editor: Editor }) {
  const [, look] = useState(0);
  const [linking, setLinking] = useState(false);
  useEffect(() => {
    const again = () => look((times) => times + 1);
    editor.on("transaction", again);
    return () => {
      editor.off("transaction", again);
    };
  }, [editor]);
  return (
    <div
      role="toolbar"
      aria-label="Text"
      className="sticky top-[calc(48px+var(--strip))] z-10 flex flex-wrap items-center gap-0.5 border-b border-line bg-bg py-1"
    >
      {tools.map((tool) => {
        const on = tool.active ? editor.isActive(...tool.active) : false;
        return (
          <ToolButton
            key={tool.label}
            label={tool.label}
            icon={tool.icon}
            on={on}
            onPress={() => tool.run(editor.chain().focus()).run()}
          />
        );
      })}
      <ToolButton
        label="Link"
        icon="link"
        on={editor.isActive("link")}
        onPress={() => (editor.isActive("link") ? removeLink(editor) : setLinking(true))}
      />
      <span className="mx-1 h-4 border-l border-line" />
      <ToolButton label="Undo" icon="undo-2" onPress={() => editor.chain().focus().undo().run()} />
      <ToolButton label="Redo" icon="redo-2" onPress={() => editor.chain().focus().redo().run()} />
      {linking ? <LinkForm editor={editor} onDone={() => setLinking(false)} /> : null}
    </div>
  );
}

function ToolButton({
  label,
  icon,
  on,
  onPress,
}: {
  label: string;
  icon: IconName;
  on?: boolean;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      aria-pressed={on}
      // The selection stays in the text.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
      className={cx(
        "flex size-8 items-center justify-center rounded-control hover:bg-hover max-md:size-11",
        on ? "bg-selected text-accent" : "text-muted hover:text-text",
      )}
    >
      <Icon of={icon} />
    </button>
  );
}

const removeLink = (editor: Editor) => editor.chain().focus().extendMarkRange("link").unsetMark("link").run();

function LinkForm({ editor, onDone }: { editor: Editor; onDone: () => void }) {
  const [href, setHref] = useState("https://");
  const { empty } = editor.state.selection;
  const set = (event: FormEvent) => {
    event.preventDefault();
    const chain = editor.chain().focus();
    const mark = { type: "link", attrs: { href: href.trim() } };
    if (empty) chain.insertContent({ type: "text", text: href.trim(), marks: [mark] }).run();
    else chain.setMark("link", mark.attrs).run();
    onDone();
  };
  return (
    <form onSubmit={set} className="flex w-full gap-2 py-1">
      <input
        aria-label="Address of the link"
        className="control max-w-md"
        data-owns-escape
        value={href}
        onChange={(event) => setHref(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          // Closes this, not what is around it.
          event.stopPropagation();
          onDone();
        }}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked for it
        autoFocus
      />
      <button type="submit" className="rounded-control px-2 text-sm text-accent hover:bg-hover">
        Set link
      </button>
    </form>
  );
}
