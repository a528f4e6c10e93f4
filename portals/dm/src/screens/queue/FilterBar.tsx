"use client";
import { Button, cx, Icon, IconButton, Key, SearchBox, Select } from "@leadmetrics/ui";
import { contentTypes, type QueueFilter, type SavedFilter, type Tenant } from "@leadmetrics/web";
import { isNarrow, queueFilterOf, sameFilter } from "../filters/rules.ts";
import { SavedFilters } from "../filters/SavedFilters.tsx";

interface Props {
  filter: QueueFilter;
  onFilter: (filter: QueueFilter) => void;
  saved: readonly SavedFilter[];
  onSave: (name: string, isDefault: boolean) => void;
  onDefault: (one: SavedFilter, isDefault: boolean) => void;
  onForget: (name: string) => void;
  tenants: readonly Tenant[];
  total: number | undefined;
  isOpen: boolean;
  onOpen: (open: boolean) => void;
}

/** How many wait, and what of it is shown. */
export function FilterBar(props: Props) {
  const { filter, onFilter, saved, total, isOpen, onOpen } = props;
  const inUse = saved.find((one) => sameFilter(queueFilterOf(one), filter));
  return (
    <div className="flex shrink-0 flex-col gap-2 border-b border-line px-4 py-2">
      <div className="flex min-h-8 items-center gap-1 text-sm text-muted">
        <span>
          <span className="tabular font-semibold text-text">{total ?? "…"}</span>{" "}
          {inUse ? inUse.name : isNarrow(filter) ? "of this filter" : "to review"}
        </span>
        <span className="flex-1" />
        <span className="mr-1 flex gap-1 max-md:hidden">
          <Key>j</Key>
          <Key>k</Key>
          <Key>?</Key>
        </span>
        <SavedFilters
          saved={saved}
          inUse={inUse}
          narrow={isNarrow(filter)}
          onUse={(one) => onFilter(queueFilterOf(one))}
          onEverything={() => onFilter({})}
          onSave={props.onSave}
          onDefault={props.onDefault}
          onForget={props.onForget}
        />
        <IconButton label={isOpen ? "Hide the filter" : "Filter"} onPress={() => onOpen(!isOpen)}>
          <Icon of="sliders-horizontal" className={cx(isNarrow(filter) && "text-accent")} />
        </IconButton>
      </div>
      {isOpen ? <Choices {...props} /> : null}
    </div>
  );
}

function Choices({ filter, onFilter, tenants }: Props) {
  const chip = (on: boolean | undefined) =>
    cx(
      "inline-flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-xs max-md:h-11",
      on ? "border-accent bg-selected text-text" : "border-line text-muted hover:text-text",
    );
  return (
    <div className="flex flex-col gap-2 pb-1">
      <SearchBox
        label="Words of the title"
        value={filter.title ?? ""}
        onChange={(title) => onFilter({ ...filter, title })}
      />
      <div className="grid grid-cols-2 gap-2">
        <Select
          hideLabel
          label="Tenant"
          choices={[
            { value: "all", label: "Every tenant" },
            ...tenants.map((one) => ({ value: one.ref, label: one.name })),
          ]}
          value={filter.tenantRef ?? "all"}
          onChange={(value) => onFilter({ ...filter, tenantRef: value === "all" ? undefined : value })}
        />
        <Select
          hideLabel
          label="Kind"
          choices={[
            { value: "all", label: "Every kind" },
            ...Object.entries(contentTypes).map(([value, { many }]) => ({ value, label: many })),
          ]}
          value={filter.contentType ?? "all"}
          onChange={(value) =>
            onFilter({
              ...filter,
              contentType: value === "blog_post" || value === "social_post" ? value : undefined,
            })
          }
        />
      </div>
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          aria-pressed={Boolean(filter.overdue)}
          className={chip(filter.overdue)}
          onClick={() => onFilter({ ...filter, overdue: !filter.overdue })}
        >
          <Icon of="clock" size={12} /> Past promise
        </button>
        <button
          type="button"
          aria-pressed={Boolean(filter.escalated)}
          className={chip(filter.escalated)}
          onClick={() => onFilter({ ...filter, escalated: !filter.escalated })}
        >
          <Icon of="triangle-exclamation-point" size={12} /> Escalated
        </button>
        {isNarrow(filter) ? (
          <Button size="small" kind="quiet" onPress={() => onFilter({})}>
            Show everything
          </Button>
        ) : null}
      </div>
    </div>
  );
}
