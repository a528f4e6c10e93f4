"use client";
import { DiffView, DraftView } from "@leadmetrics/ui";
import { Shelf, State } from "./Shelf.tsx";

const draft = `# Why sourdough takes three days

Flour, water and time. **Most of it is time** [1].

- The starter wakes up
- The dough rests cold

> None of it can be hurried.

<script>alert("this stays text")</script>`;

export function TextShelves() {
  return (
    <>
      <Shelf
        name="DraftView"
        does="A draft to be read: serif, 68 characters a line, citations that open on hover."
      >
        <DraftView
          markdown={draft}
          citations={[
            { number: 1, title: "Bread science", excerpt: "Cold fermentation takes 24 to 48 hours." },
          ]}
        />
        <State name="being written">
          <DraftView markdown="The second day belongs to the fridge" streaming />
        </State>
        <State name="right to left, and emoji">
          <div dir="auto">
            <DraftView markdown="خبز العجين المخمر يحتاج إلى ثلاثة أيام 🍞" />
          </div>
        </State>
      </Shelf>
      <Shelf name="DiffView" does="What changed, word by word.">
        <DiffView
          before="Our bread takes two days and a gas oven."
          after="Our bread takes three days and a wood oven."
        />
        <State name="nothing changed">
          <DiffView before="The same." after="The same." />
        </State>
      </Shelf>
    </>
  );
}
