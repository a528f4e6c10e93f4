"use client";
import { type ComponentProps, createContext, memo, use, useMemo } from "react";
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { Hint } from "../overlay/Tooltip.tsx";
import { CITE, remarkCitations } from "./citations.ts";
import type { Citation } from "./draft-types.ts";
import { useGrowing } from "./growing.ts";
import { linesOf } from "./lines.ts";
import { sectionsOf } from "./sections.ts";

/** A line's height in the reading view. */
const LINE_EM = 1.6;

const plugins = [remarkGfm, remarkCitations];
const components = { a: Anchor };
const CitationsContext = createContext<readonly Citation[] | undefined>(undefined);

/**
 * Markdown as a reading view. Raw HTML in a draft is shown as text and unsafe addresses are dropped (react-markdown's
 * default), so a draft can't run anything.
 */
export default function Markdown({ source, citations }: { source: string; citations?: readonly Citation[] }) {
  const sections = useMemo(() => sectionsOf(source), [source]);
  const drawn = useGrowing(sections.length);
  return (
    <CitationsContext value={citations}>
      {sections.slice(0, drawn).map((section, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is written stays where it is, and more comes at the end
        <Section key={index} source={section} />
      ))}
      {drawn < sections.length ? (
        <div aria-hidden style={{ height: `${linesOf(sections.slice(drawn).join("\n")) * LINE_EM}em` }} />
      ) : null}
    </CitationsContext>
  );
}

/** A long draft is drawn piece by piece, and a piece that didn't change isn't drawn again. */
const Section = memo(function Section({ source }: { source: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components}>
      {source}
    </ReactMarkdown>
  );
});

function Anchor({ href = "", children }: ComponentProps<"a">) {
  const citations = use(CitationsContext);
  if (!href.startsWith(CITE)) {
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    );
  }
  if (!citations) return <sup className="font-sans text-xs text-muted">[{children}]</sup>;
  const citation = citations.find((one) => String(one.number) === href.slice(CITE.length));
  if (!citation) return <sup className="font-sans text-xs text-warn-text">[{children}?]</sup>;
  return (
    <Hint text={<CitationCard citation={citation} />}>
      <sup className="px-0.5 font-sans text-[11px] font-semibold text-accent">[{children}]</sup>
    </Hint>
  );
}

function CitationCard({ citation }: { citation: Citation }) {
  return (
    <>
      <span className="block font-semibold">{citation.title}</span>
      {citation.excerpt ? <span className="mt-1 line-clamp-5 text-muted">{citation.excerpt}</span> : null}
    </>
  );
}
