import { clone, type DescField, type DescMessage, getOption, type MessageShape } from "@bufbuild/protobuf";
import { isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { staff_only as staffOnly } from "@leadmetrics/proto/options/v1/access";

/** A message as clients may read it: what the contract keeps for the platform's people is not there. */
export function withoutStaffFields<D extends DescMessage>(
  desc: D,
  message: MessageShape<D>,
): MessageShape<D> {
  if (!holdsStaffFields(desc)) return message;
  const copy = clone(desc, message);
  clear(reflect(desc, copy));
  return copy;
}

/** Options are decoded anew by each reading, so what they say is kept. */
const holding = new WeakMap<DescMessage, boolean>();
const staffFields = new WeakMap<DescField, boolean>();

/** Whether a message can hold such a field at all, itself or in what it is made of. */
function holdsStaffFields(desc: DescMessage): boolean {
  const known = holding.get(desc);
  if (known !== undefined) return known;
  // What is made of itself is looked through as if it did.
  holding.set(desc, true);
  const holds = desc.fields.some((field) => isStaffOnly(field) || concerns(field));
  holding.set(desc, holds);
  return holds;
}

function isStaffOnly(field: DescField): boolean {
  let known = staffFields.get(field);
  if (known === undefined) {
    known = getOption(field, staffOnly);
    staffFields.set(field, known);
  }
  return known;
}

const concerns = (field: DescField): boolean =>
  field.message !== undefined && holdsStaffFields(field.message);

function clear(message: ReflectMessage): void {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    if (isStaffOnly(field)) message.clear(field);
    else if (concerns(field)) for (const part of partsOf(message, field)) clear(part);
  }
}

function partsOf(message: ReflectMessage, field: DescField): ReflectMessage[] {
  const value: unknown = message.get(field);
  if (isReflectMessage(value)) return [value];
  const items =
    field.fieldKind === "list"
      ? [...message.get(field)]
      : field.fieldKind === "map"
        ? [...message.get(field).values()]
        : [];
  return items.filter((item) => isReflectMessage(item));
}
