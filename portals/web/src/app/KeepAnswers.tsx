"use client";
import { type Answers, keepAnswers } from "../api/ahead.ts";

/** Hands what the server asked for ahead to the calls that are about to ask for it. Shows nothing. */
export function KeepAnswers({ answers }: { answers: Answers }) {
  // While rendering: the page's queries ask as soon as it stands.
  if (typeof window !== "undefined") keepAnswers(answers, performance.now());
  return null;
}
