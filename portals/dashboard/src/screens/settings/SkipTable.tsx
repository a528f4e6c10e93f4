"use client";
import { Checkbox } from "@leadmetrics/ui";
import { type Channel, type ContentType, contentTypes } from "@leadmetrics/web";
import { ALL_CHANNELS, has, isImplied, type Place, toggled } from "./skips.ts";

/** By type and channel, what goes out without the company's own approval. */
export function SkipTable({
  types,
  channels,
  places,
  onChange,
  isDisabled,
}: {
  types: readonly ContentType[];
  channels: readonly Channel[];
  places: readonly Place[];
  onChange: (places: Place[]) => void;
  isDisabled: boolean;
}) {
  const rows = [
    { channelRef: ALL_CHANNELS, name: "All channels, and those to come" },
    ...channels
      .filter(
        ({ ref, status }) => status !== "disconnected" || places.some((place) => place.channelRef === ref),
      )
      .map(({ ref, name }) => ({ channelRef: ref, name })),
  ];
  return (
    <table className="ml-6 w-[calc(100%-1.5rem)] text-sm max-md:ml-0 max-md:w-full">
      <caption className="sr-only">What is published without your approval</caption>
      <thead>
        <tr className="border-b border-line text-xs text-muted">
          <th scope="col" className="py-1 text-left font-normal">
            Without your approval
          </th>
          {types.map((type) => (
            <th key={type} scope="col" className="w-24 py-1 font-normal">
              {contentTypes[type].many}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ channelRef, name }) => (
          <tr key={channelRef} className="border-b border-line">
            <th scope="row" className="py-1 pr-3 text-left font-normal" dir="auto">
              {name}
            </th>
            {types.map((contentType) => {
              const place = { contentType, channelRef };
              const implied = isImplied(places, place);
              return (
                <td key={contentType} className="text-center">
                  <Checkbox
                    className="justify-center"
                    label={`${contentTypes[contentType].many}: ${name}`}
                    isSelected={implied || has(places, place)}
                    isDisabled={isDisabled || implied}
                    onChange={() => onChange(toggled(places, place))}
                  />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
