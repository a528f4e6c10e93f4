import { Code } from "@leadmetrics/ui";
import { Shelf, State } from "./Shelf.tsx";

const colours = [
  "--bg",
  "--surface",
  "--raised",
  "--line",
  "--line-strong",
  "--text",
  "--muted",
  "--accent",
  "--agent",
  "--ok",
  "--warn",
  "--bad",
  "--chart-1",
  "--chart-2",
  "--chart-3",
  "--chart-4",
  "--chart-5",
];
const sizes = ["text-xs", "text-sm", "text-base", "text-md", "text-lg", "text-xl", "text-2xl"] as const;
const spaces = [4, 8, 12, 16, 24, 32, 48];

export function Tokens() {
  return (
    <>
      <Shelf name="Colour" does="OKLCH, both themes. Violet is for what agents do, nowhere else.">
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-3">
          {colours.map((name) => (
            <li key={name}>
              <span
                className="block h-10 rounded-control border border-line"
                style={{ background: `var(${name})` }}
              />
              <Code>{name}</Code>
            </li>
          ))}
        </ul>
      </Shelf>
      <Shelf
        name="Type"
        does="Inter for the interface, Source Serif for drafts, JetBrains Mono for ids. Two weights."
      >
        {sizes.map((size) => (
          <p key={size} className={`${size} truncate`}>
            Drafts wait for a person <span className="font-semibold">before they go out</span>{" "}
            <Code>{size}</Code>
          </p>
        ))}
        <p className="font-serif text-[17px]">Sourdough takes three days, and none of them can be hurried.</p>
      </Shelf>
      <Shelf name="Space" does="Seven steps; hairlines separate, boxes don't.">
        <State name="4 · 8 · 12 · 16 · 24 · 32 · 48">
          <span className="flex items-end gap-3">
            {spaces.map((px) => (
              <span key={px} className="bg-accent" style={{ width: px, height: px }} />
            ))}
          </span>
        </State>
      </Shelf>
    </>
  );
}
