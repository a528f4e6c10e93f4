import { createRegistry, type DescMessage, fromBinary, toJson } from "@bufbuild/protobuf";
import { withoutSecrets } from "@leadmetrics/kit";
import * as agents from "@leadmetrics/proto/agents/events/v1/events";
import * as billing from "@leadmetrics/proto/billing/events/v1/events";
import * as content from "@leadmetrics/proto/content/events/v1/events";
import * as identity from "@leadmetrics/proto/identity/events/v1/events";
import * as notifications from "@leadmetrics/proto/notifications/events/v1/events";
import * as rag from "@leadmetrics/proto/rag/events/v1/events";
import * as tenancy from "@leadmetrics/proto/tenancy/events/v1/events";
import { sentenceOf } from "./problem.ts";
import { withoutSecretFields } from "./rules.ts";

const isDesc = (value: unknown): value is DescMessage =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "message";

const registry = createRegistry(
  ...[agents, billing, content, identity, notifications, rag, tenancy].flatMap((module) =>
    Object.values(module).filter(isDesc),
  ),
);

/** An event's payload for people, or why it can't be read. */
export type Decoded = { readonly data: unknown } | { readonly unreadable: string };

/** Reads a payload by its contract; what is named like a secret is hidden. */
export function decode(type: string, payload: Uint8Array): Decoded {
  const desc = registry.getMessage(type);
  if (!desc) return { unreadable: type ? `no contract here is called ${type}` : "it doesn't say what it is" };
  try {
    return { data: withoutSecretFields(toJson(desc, fromBinary(desc, payload))) };
  } catch (error) {
    return { unreadable: `its ${payload.length} bytes are no ${type} (${sentenceOf(error)})` };
  }
}

/** The payload on one line. */
export function inOneLine(decoded: Decoded): string {
  return "data" in decoded ? withoutSecrets(JSON.stringify(decoded.data)) : `(${decoded.unreadable})`;
}

/** The last part of a contract's name. */
export const shortType = (type: string): string => type.split(".").at(-1) ?? type;
