import type { DescMessage } from "@bufbuild/protobuf";
import { getOption, hasOption } from "@bufbuild/protobuf";
import { event as eventOption } from "@leadmetrics/proto/options/v1/access";
import { PLATFORM } from "./headers.ts";

/** Version of the subject grammar's payload; a breaking change of an event gets a new package and number. */
const VERSION = "v1";

/** An option is decoded anew by each reading. */
const names = new WeakMap<DescMessage, string>();

/** `<service>.<entity>.<past verb>` as the contract says it; a leading "*" stands for the emitting service. */
export function eventName(desc: DescMessage): string {
  const known = names.get(desc);
  if (known !== undefined) return known;
  if (!hasOption(desc, eventOption)) {
    throw new Error(`${desc.typeName} is no event: its message has no (leadmetrics.options.v1.event) option`);
  }
  const name = getOption(desc, eventOption).subject;
  names.set(desc, name);
  return name;
}

/** Where one event goes: `evt.<service>.<entity>.<verb>.v1.<tenant ref | platform>`. */
export function eventSubject(desc: DescMessage, service: string, tenantRef: string | undefined): string {
  return `evt.${eventName(desc).replace(/^\*/, service)}.${VERSION}.${tenantRef ?? PLATFORM}`;
}

/** What a consumer subscribes to: the event of all tenants. */
export function eventFilter(desc: DescMessage): string {
  return `evt.${eventName(desc)}.${VERSION}.*`;
}

/** `evt.content.*` lies in EVT_CONTENT. */
export function eventStream(service: string): string {
  return `EVT_${service.toUpperCase()}`;
}
