"use client";
import { AppLink, cx, Dot, statusWord } from "@leadmetrics/ui";
import { type Activity, type ScheduleConflict, useFeature } from "@leadmetrics/web";
import { FileText, GripVertical, MessageSquareText, TriangleAlert } from "lucide-react";
import { useRef } from "react";
import { useButton } from "react-aria/useButton";
import { useDrag } from "react-aria/useDrag";
import { conflictText } from "./rules.ts";

/** What a dragged item is known by. */
export const DRAG_TYPE = "application/x-leadmetrics-activity";

/** One item on a day, coloured by its state; what stands in its way outlines it. Dragged by its handle, or with Enter on it. */
export function Chip({
  activity,
  moves,
  time,
  conflicts = [],
  channels,
  isMovable,
  onTime,
}: {
  activity: Activity;
  /** What is moved when this is dragged. */
  moves: string;
  /** When it goes out or went; without one it has no date. */
  time?: string;
  conflicts?: readonly ScheduleConflict[];
  /** Where it goes at this moment, "Blog, Shop"; empty when nowhere. */
  channels: string;
  isMovable: boolean;
  /** Asks for another moment. */
  onTime: () => void;
}) {
  const button = useRef<HTMLButtonElement>(null);
  const isDraggable = useFeature("calendar_drag") && isMovable;
  const { dragProps, dragButtonProps, isDragging } = useDrag({
    getItems: () => [{ [DRAG_TYPE]: moves, "text/plain": activity.title }],
    getAllowedDropOperations: () => ["move"],
    hasDragButton: true,
    isDisabled: !isDraggable,
  });
  const { buttonProps } = useButton(
    { ...dragButtonProps, "aria-label": `Move “${activity.title}”`, isDisabled: !isDraggable },
    button,
  );
  const { word, tone } = statusWord(activity.status);
  const why = conflicts.map((one) => conflictText(one, channels || "its channel")).join(" ");
  const KindIcon = activity.contentType === "blog_post" ? FileText : MessageSquareText;
  return (
    <div className="@container min-w-0">
      <div
        {...dragProps}
        title={[activity.title, channels, word, why].filter(Boolean).join(" · ")}
        className={cx(
          "group flex min-h-6 min-w-0 items-center gap-1.5 rounded-control border bg-surface pr-1.5 pl-1 text-xs max-md:min-h-11",
          conflicts.length > 0 ? "border-warn" : "border-line",
          isDragging && "opacity-50",
        )}
      >
        <span className="relative flex size-4 shrink-0 items-center justify-center">
          <Dot
            tone={tone}
            className={cx(isDraggable && "group-hover:opacity-0 group-has-[[data-moves]:focus]:opacity-0")}
          />
          {isDraggable ? (
            <button
              {...buttonProps}
              ref={button}
              type="button"
              data-moves={moves}
              className="absolute inset-x-[-4px] inset-y-[-4px] flex cursor-grab items-center justify-center rounded-control text-muted opacity-0 group-hover:opacity-100 hover:text-text focus:opacity-100"
            >
              <GripVertical size={12} aria-hidden />
            </button>
          ) : null}
        </span>
        {isMovable ? (
          <button
            type="button"
            onClick={onTime}
            className="tabular shrink-0 rounded-[3px] text-muted hover:text-text hover:underline max-md:min-h-11 @max-[11rem]:not-focus:sr-only"
          >
            <span className="sr-only">{`${word}. Change the date of “${activity.title}”: `}</span>
            {time ?? "Set date"}
          </button>
        ) : (
          <span className="tabular shrink-0 text-muted @max-[11rem]:sr-only">
            <span className="sr-only">{word}, </span>
            {time}
          </span>
        )}
        <AppLink
          href={`/content/${activity.ref}`}
          className="min-w-0 flex-1 truncate hover:underline"
          dir="auto"
        >
          {activity.title}
        </AppLink>
        {conflicts.length > 0 ? (
          <>
            <TriangleAlert size={12} className="shrink-0 text-warn-text" aria-hidden />
            <span className="sr-only">{why}</span>
          </>
        ) : (
          <KindIcon size={12} className="shrink-0 text-muted @max-[11rem]:hidden" aria-hidden />
        )}
      </div>
    </div>
  );
}
