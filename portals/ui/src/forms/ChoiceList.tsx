"use client";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Icon } from "../lib/icon.tsx";
import type { Choice } from "./Select.tsx";

/** What a select drops down. */
export function ChoiceList({ choices }: { choices: readonly Choice[] }) {
  return (
    <Popover className="animate-fade min-w-(--trigger-width) rounded-panel bg-raised p-1 shadow-lift">
      <ListBox autoFocus="first" className="max-h-72 overflow-auto outline-none">
        {choices.map((choice) => (
          <ListBoxItem
            key={choice.value}
            id={choice.value}
            textValue={choice.label}
            className="flex min-h-8 cursor-default items-center gap-2 rounded-control px-2 py-1 text-sm outline-none data-[focused]:bg-hover max-md:min-h-11"
          >
            {({ isSelected }) => (
              <>
                <span className="w-4 text-accent">{isSelected ? <Icon of="check" size={14} /> : null}</span>
                <span className="flex-1">
                  {choice.label}
                  {choice.note ? <span className="block text-xs text-muted">{choice.note}</span> : null}
                </span>
              </>
            )}
          </ListBoxItem>
        ))}
      </ListBox>
    </Popover>
  );
}
