"use client";
import { Search, X } from "lucide-react";
import { Input } from "react-aria-components/Input";
import { SearchField } from "react-aria-components/SearchField";
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
    <SearchField aria-label={label} value={value} onChange={onChange} className={cx("relative", className)}>
      <Icon
        of={Search}
        size={14}
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-muted"
      />
      <Input
        placeholder={placeholder ?? label}
        className="control !px-8 [&::-webkit-search-cancel-button]:hidden"
      />
      {value ? (
        <IconButton slot={null} label="Clear" onPress={() => onChange("")} className="absolute top-0 right-0">
          <Icon of={X} size={14} />
        </IconButton>
      ) : null}
    </SearchField>
  );
}
