"use client";
import { Button, Mark } from "@leadmetrics/ui";
import { ChartShelves } from "./charts.tsx";
import { DataShelves } from "./data.tsx";
import { FeedbackShelves } from "./feedback.tsx";
import { FormShelves } from "./forms.tsx";
import { OverlayShelves } from "./overlays.tsx";
import { Tokens } from "./Tokens.tsx";
import { TextShelves } from "./text.tsx";
import { WorkShelves } from "./work.tsx";

const parts = [
  { title: "Tokens", of: Tokens },
  { title: "Forms", of: FormShelves },
  { title: "Data", of: DataShelves },
  { title: "Charts", of: ChartShelves },
  { title: "Feedback", of: FeedbackShelves },
  { title: "Overlays", of: OverlayShelves },
  { title: "Work", of: WorkShelves },
  { title: "Text", of: TextShelves },
] as const;

/** Everything of `@leadmetrics/ui` in every state. */
export function Gallery() {
  const flip = () => {
    const { dataset } = document.documentElement;
    const dark = dataset.theme
      ? dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    dataset.theme = dark ? "light" : "dark";
  };
  return (
    <div className="mx-auto max-w-[1168px] px-6 pb-24 max-md:px-4">
      <header className="sticky top-0 z-20 flex h-12 items-center gap-3 border-b border-line bg-bg">
        <Mark />
        <h1 className="font-semibold">Components</h1>
        <nav
          aria-label="Parts"
          className="flex flex-1 gap-4 overflow-x-auto text-sm text-muted max-md:hidden"
        >
          {parts.map(({ title }) => (
            <a key={title} href={`#${title}`} className="hover:text-text">
              {title}
            </a>
          ))}
        </nav>
        <span className="flex-1 md:hidden" />
        <Button size="small" onPress={flip}>
          Light or dark
        </Button>
      </header>
      <main id="main" className="flex flex-col gap-12 pt-8">
        {parts.map(({ title, of: Part }) => (
          <div key={title} id={title} className="scroll-mt-16">
            <h2 className="pb-3 text-lg font-semibold">{title}</h2>
            <Part />
          </div>
        ))}
      </main>
    </div>
  );
}
