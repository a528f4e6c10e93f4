import type { AdapterResult } from "../adapters/port.ts";
import { draft, parseDraft } from "../prompt/document.ts";
import { citationsIn, type Material, withoutUnknownMarkers } from "../prompt/material.ts";
import type { RoleOutput } from "./role.ts";

/** How every writer's answer becomes a draft: head read, invented sources taken out, used ones listed. */
export function acceptDraft(result: AdapterResult, material: Material, offline: boolean): RoleOutput {
  const { title, slug, excerpt, body } = draft.parse(parseDraft(result.text));
  const clean = withoutUnknownMarkers(body, material.knowledge);
  return {
    case: "draft",
    value: {
      title,
      slug,
      excerpt,
      body: clean,
      citations: citationsIn(clean, material.knowledge),
      offlineDraft: offline,
    },
  };
}
