"use client";
import { cx } from "../lib/cx.ts";
import { Icon } from "../lib/icon.tsx";
import { IconButton } from "./Button.tsx";

/** Narrows a list as one types; Escape empties it. */
export function SearchBox({
  label,
  value,
  onChange,
  placeholder,
  className,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  className?: string;
}) {
  return (
    <div className={cx("relative", className)}>
      <Icon
        of="search"
        size={14}
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-muted"
      />
      <input
        type="search"
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          // The first empties the field; what it lies in is closed by the next.
          event.preventDefault();
          event.stopPropagation();
          onChange("");
        }}
        placeholder={placeholder ?? label}
        className="control !px-8 [&::-webkit-search-cancel-button]:hidden"
      />
      {value ? (
        <IconButton label="Clear" onPress={() => onChange("")} className="absolute top-0 right-0">
          <Icon of="x" size={14} />
        </IconButton>
      ) : null}
    </div>
  );
}
