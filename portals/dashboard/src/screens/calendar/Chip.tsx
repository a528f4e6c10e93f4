"use client";
import { AppLink, cx, Dot, Icon, statusWord } from "@leadmetrics/ui";
import { type Activity, type ScheduleConflict, useFeature } from "@leadmetrics/web";
import { useRef } from "react";
import { useButton } from "react-aria/useButton";
import { useDrag } from "react-aria/useDrag";
import { conflictText } from "./rules.ts";

/** What a dragged item is known by. */
export const DRAG_TYPE = "application/x-leadmetrics-activity";

const BY_SETTING = "Approved by your setting";
/** States in which it matters who approved it. */
const WAITING_TO_GO: ReadonlySet<string> = new Set(["approved", "scheduled", "on_hold"]);

/** One item on a day, coloured by its state; what stands in its way outlines it. Dragged by its handle, or with Enter on it. */
export function Chip({
  activity,
  moves,
  time,
  conflicts = [],
  channels,
  isMovable,
  roomy = false,
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
  /** There is height for the whole title, and for where it goes. */
  roomy?: boolean;
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
  const bySetting = activity.approvedBySetting && WAITING_TO_GO.has(activity.status);
  const isPart = moves !== activity.ref;
  const kindIcon = activity.contentType === "blog_post" ? "file-text" : "message-square-text";
  return (
    <div className="@container min-w-0">
      <div
        {...dragProps}
        title={[activity.title, channels, word, bySetting && BY_SETTING, why].filter(Boolean).join(" · ")}
        className={cx(
          "group flex min-h-6 min-w-0 items-center gap-1.5 rounded-control border bg-surface pr-1.5 pl-1 text-xs max-md:min-h-11",
          conflicts.length > 0 ? "border-warn" : "border-line",
          roomy && "md:flex-wrap md:py-1",
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
              className="absolute inset-[-5px] flex cursor-grab items-center justify-center rounded-control text-muted opacity-0 group-hover:opacity-100 hover:text-text focus:opacity-100"
            >
              <Icon of="grip-vertical" size={12} />
            </button>
          ) : null}
        </span>
        {isMovable ? (
          <button
            type="button"
            onClick={onTime}
            className={cx(
              "tabular shrink-0 rounded-[3px] text-muted hover:text-text hover:underline max-md:min-h-11",
              !roomy && "@max-[11rem]:not-focus:sr-only",
            )}
          >
            <span className="sr-only">{`${word}. Change the date of “${activity.title}”: `}</span>
            {time ?? "Set date"}
          </button>
        ) : (
          <span className={cx("tabular shrink-0 text-muted", !roomy && "@max-[11rem]:sr-only")}>
            <span className="sr-only">{word}, </span>
            {time}
          </span>
        )}
        {isPart ? (
          <span className={cx("max-w-[40%] shrink-0 truncate text-muted", roomy && "md:hidden")} dir="auto">
            {channels}
          </span>
        ) : null}
        <AppLink
          href={`/content/${activity.ref}`}
          className={cx(
            "min-w-0 flex-1 truncate hover:underline max-md:py-3.5",
            roomy && "md:order-1 md:line-clamp-4 md:basis-full md:whitespace-normal",
          )}
          dir="auto"
        >
          {activity.title}
        </AppLink>
        {roomy && channels ? (
          <span className="order-2 hidden basis-full truncate text-muted md:block" dir="auto">
            {channels}
          </span>
        ) : null}
        {roomy ? <span className="hidden flex-1 md:block" /> : null}
        {bySetting ? (
          <>
            <Icon of="fast-forward" size={12} className="shrink-0 text-muted" />
            <span className="sr-only">{BY_SETTING}</span>
          </>
        ) : null}
        {conflicts.length > 0 ? (
          <>
            <Icon of="triangle-exclamation-point" size={12} className="shrink-0 text-warn-text" />
            <span className="sr-only">{why}</span>
          </>
        ) : (
          <Icon
            of={kindIcon}
            size={12}
            className={cx("shrink-0 text-muted", !roomy && "@max-[11rem]:hidden")}
          />
        )}
      </div>
    </div>
  );
}
