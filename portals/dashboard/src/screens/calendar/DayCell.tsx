"use client";
import type { CalendarDate } from "@internationalized/date";
import { cx } from "@leadmetrics/ui";
import { type ReactNode, useRef } from "react";
import { useButton } from "react-aria/useButton";
import { useDrop } from "react-aria/useDrop";
import { DRAG_TYPE } from "./Chip.tsx";

interface Props {
  day: CalendarDate;
  /** The day in words, for people who don't see where it stands. */
  label: string;
  isToday: boolean;
  isOutside: boolean;
  isPast: boolean;
  isEmpty: boolean;
  tall: boolean;
  onDrop: (activityRef: string) => void;
  children: ReactNode;
}

/** One day; items are dropped on it with a mouse, or with the keyboard: Tab goes from day to day, Enter drops. */
export function DayCell({ day, label, isToday, isOutside, isPast, isEmpty, tall, onDrop, children }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const { dropProps, dropButtonProps, isDropTarget } = useDrop({
    // What the keyboard goes to; the mouse takes the whole day.
    ref: button,
    hasDropButton: true,
    isDisabled: isPast,
    getDropOperation: (types) => (types.has(DRAG_TYPE) ? "move" : "cancel"),
    onDrop: async ({ items }) => {
      const item = items.find((one) => one.kind === "text" && one.types.has(DRAG_TYPE));
      if (item?.kind === "text") onDrop(await item.getText(DRAG_TYPE));
    },
  });
  const { buttonProps } = useButton({ ...dropButtonProps, "aria-label": label }, button);
  return (
    <li
      {...dropProps}
      className={cx(
        "relative flex min-w-0 flex-col gap-1 border-b border-line p-1.5 max-md:px-4 max-md:py-2 md:border-r",
        tall ? "md:min-h-[60dvh]" : "md:min-h-[116px]",
        isEmpty && "max-md:hidden",
        isOutside && "bg-bg text-muted",
        isDropTarget && "bg-selected outline-2 -outline-offset-2 outline-accent",
      )}
    >
      <button {...buttonProps} ref={button} type="button" tabIndex={-1} className="sr-only">
        {label}
      </button>
      <span
        className={cx(
          "tabular text-xs",
          isToday ? "font-semibold text-accent" : isPast || isOutside ? "text-muted" : "",
        )}
      >
        <span className="md:sr-only">{label}</span>
        <span aria-hidden className="max-md:hidden">
          {day.day}
        </span>
        {isToday ? " · today" : ""}
      </span>
      {children}
    </li>
  );
}
