"use client";
import { use } from "react";
import type { Actor } from "../api/shapes.ts";
import { NamesContext } from "./names.tsx";
import { actorName } from "./words.ts";

/** Who did something, by name where the name is known here. */
export function useActorName(): (actor: Actor | null | undefined) => string {
  const names = use(NamesContext);
  return (actor) => (actor?.kind === "user" && names.get(actor.id)) || actorName(actor);
}
