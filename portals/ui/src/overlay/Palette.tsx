"use client";
import { useEffect, useState } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Header } from "react-aria-components/Header";
import { Input } from "react-aria-components/Input";
import { ListBox, ListBoxItem, ListBoxSection } from "react-aria-components/ListBox";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { SearchField } from "react-aria-components/SearchField";
import { Key } from "../forms/Button.tsx";
import { Icon } from "../lib/icon.tsx";
import type { PaletteAction, PaletteProps } from "./palette-types.ts";

/** So many pages of before are offered. */
const RECENT = 5;

/** `⌘K`: pages and actions filtered as you type, and what the search service finds. */
export default function Palette({ isOpen, onClose, actions, recent = [], search }: PaletteProps) {
  const [text, setText] = useState("");
  const [found, setFound] = useState<readonly PaletteAction[]>([]);
  const [state, setState] = useState<"idle" | "searching" | "failed">("idle");

  useEffect(() => {
    const query = text.trim();
    if (!search || query.length < 2) {
      setFound([]);
      setState("idle");
      return;
    }
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      setState("searching");
      try {
        setFound(await search(query, abort.signal));
        setState("idle");
      } catch {
        if (!abort.signal.aborted) setState("failed");
      }
    }, 160);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, search]);

  const wanted = text.trim().toLowerCase();
  const matching = actions.filter((action) => action.label.toLowerCase().includes(wanted));
  const before = recent.filter((action) => action.label.toLowerCase().includes(wanted)).slice(0, RECENT);
  const byId = new Map([...before, ...matching, ...found].map((action) => [action.id, action]));
  const choose = (id: string) => {
    onClose();
    setText("");
    byId.get(id)?.run();
  };

  return (
    <ModalOverlay
      isDismissable
      isOpen={isOpen}
      onOpenChange={(open) => (open ? undefined : onClose())}
      className="animate-fade fixed inset-0 z-50 flex items-start justify-center bg-scrim p-4 pt-[14vh] max-md:p-2 max-md:pt-4"
    >
      <Modal className="animate-rise w-full max-w-xl overflow-hidden rounded-panel bg-raised shadow-lift">
        <AriaDialog aria-label="Search and actions" className="outline-none">
          <Autocomplete inputValue={text} onInputChange={setText} filter={() => true}>
            <SearchField
              autoFocus
              aria-label="Search"
              className="flex items-center gap-3 border-b border-line px-4"
            >
              <Icon of="search" className="text-muted" />
              <Input
                placeholder="Search content, or type what to do"
                className="h-12 w-full bg-transparent text-md outline-none placeholder:text-muted [&::-webkit-search-cancel-button]:hidden"
              />
            </SearchField>
            {/* The keys move in the field; the list only needs to be reachable for those who scroll with the keyboard. */}
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
            <section aria-label="Found" tabIndex={0} className="max-h-[50dvh] overflow-auto outline-none">
              <ListBox
                aria-label="Results"
                selectionMode="none"
                onAction={(key) => choose(String(key))}
                className="p-1 outline-none"
                renderEmptyState={() => (
                  <p className="px-3 py-6 text-sm text-muted">
                    {state === "searching"
                      ? "Searching…"
                      : state === "failed"
                        ? "Search does not answer right now. Pages and actions still work."
                        : `Nothing found for “${text}”.`}
                  </p>
                )}
              >
                {before.length > 0 ? <Group title="Recent" items={before} /> : null}
                {found.length > 0 ? <Group title="Found" items={found} /> : null}
                {matching.length > 0 ? <Group title="Actions and pages" items={matching} /> : null}
              </ListBox>
            </section>
          </Autocomplete>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

function Group({ title, items }: { title: string; items: readonly PaletteAction[] }) {
  return (
    <ListBoxSection id={title}>
      <Header className="px-3 pt-2 pb-1 text-xs text-muted">{title}</Header>
      {items.map((item) => (
        <ListBoxItem
          key={item.id}
          id={item.id}
          textValue={item.label}
          className="group flex min-h-9 cursor-default items-center gap-3 rounded-control px-3 py-1 text-sm outline-none data-[focused]:bg-selected max-md:min-h-11"
        >
          {item.icon ? <Icon of={item.icon} className="text-muted" /> : null}
          <span className="min-w-0 flex-1 truncate">{item.label}</span>
          {item.keys ? (
            <span className="flex gap-1">
              {item.keys.map((key) => (
                <Key key={key}>{key}</Key>
              ))}
            </span>
          ) : null}
          {item.note ? (
            <span className="shrink-0 text-xs text-muted group-data-[focused]:text-text">{item.note}</span>
          ) : null}
        </ListBoxItem>
      ))}
    </ListBoxSection>
  );
}
