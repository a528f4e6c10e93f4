import type { ServerResponse } from "node:http";
import { fromBinary, getOption } from "@bufbuild/protobuf";
import { type Principal, type Rights, toRef, withoutStaffFields } from "@leadmetrics/kit";
import { event as eventOption } from "@leadmetrics/proto/options/v1/access";
import type { FastifyReply, FastifyRequest } from "fastify";
import { tokenEndOf } from "../edge/caller.ts";
import { sseClients, sseOpened } from "../metrics.ts";
import { toWire } from "../wire/to-wire.ts";
import { isForClients, shownEvent } from "./catalogue.ts";
import type { Feed, FeedItem } from "./feed.ts";

/** Milliseconds between comments that keep the connection open. */
const HEARTBEAT_MS = 15_000;
/** How often it is looked whether the caller may still listen, milliseconds. */
const RIGHTS_MS = 1_000;
/** Milliseconds after which a browser comes back. */
const RETRY_MS = 2_000;
/** Unsent bytes after which a client that doesn't read is let go; it resumes when it comes back. */
const SLOW_CLIENT_BYTES = 1024 * 1024;

/** Every stream that is open now. */
const open = new Set<ServerResponse>();

/** Sends every browser to another process; each resumes after the last event it saw. */
export function endStreams(): void {
  for (const raw of open) raw.end("event: reconnect\ndata: {}\n\n");
}

/**
 * Sends what happens to a browser: `id` is its place in the feed, `event` the event's name, `data` its JSON. A browser
 * that names the last id it saw gets what it missed first; when that is not to be had, an event `reset` tells it to load
 * its pages anew.
 */
export async function streamEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  feed: Feed,
  principal: Principal,
  rights: Rights,
): Promise<void> {
  const tokenEnd = tokenEndOf(request);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    "x-request-id": request.id,
  });
  const audience = request.routeOptions.url?.split("/")[1] ?? "";
  sseClients.inc({ audience });
  open.add(raw);
  const held: FeedItem[] = [];
  let sent = lastSeen(request);
  let live = false;
  const write = (item: FeedItem) => {
    if (sent !== undefined && item.sequence <= sent) return;
    sent = item.sequence;
    const text = frameOf(item, principal, rights);
    if (text) raw.write(text);
    if (raw.writableLength > SLOW_CLIENT_BYTES) raw.destroy();
  };
  const stopListening = feed.listen((item) => (live ? write(item) : held.push(item)));
  const heartbeat = setInterval(() => raw.write(": still here\n\n"), HEARTBEAT_MS);
  // A stream lives no longer than what opened it; the browser comes back with its newer token and misses nothing.
  const watch = setInterval(() => {
    if (Date.now() >= tokenEnd || isOver(principal, rights)) raw.end();
  }, RIGHTS_MS);
  raw.on("close", () => {
    sseClients.dec({ audience });
    open.delete(raw);
    stopListening();
    clearInterval(heartbeat);
    clearInterval(watch);
  });
  try {
    raw.write(`retry: ${RETRY_MS}\n\n`);
    if (sent !== undefined) {
      const missed = await feed.since(sent, tenantRefsOf(principal, rights));
      if (missed) {
        sseOpened.inc({ audience, resumed: "resumed" });
        for (const item of missed) write(item);
      } else {
        sent = undefined;
        sseOpened.inc({ audience, resumed: "reset" });
        raw.write(`id: ${feed.last}\nevent: reset\ndata: {}\n\n`);
      }
    } else {
      sseOpened.inc({ audience, resumed: "fresh" });
      raw.write(`id: ${feed.last}\nevent: hello\ndata: {}\n\n`);
    }
    live = true;
    for (const item of held) write(item);
  } catch (error) {
    request.log.warn({ err: error }, "resuming a live stream failed");
    raw.end();
  }
}

function lastSeen(request: FastifyRequest): number | undefined {
  const header = request.headers["last-event-id"];
  const query = (request.query as { lastEventId?: string } | undefined)?.lastEventId;
  const sequence = Number(header ?? query);
  return Number.isSafeInteger(sequence) && sequence > 0 ? sequence : undefined;
}

function frameOf(item: FeedItem, principal: Principal, rights: Rights): string | undefined {
  const desc = shownEvent(item.type);
  if (!desc || !concerns(item, principal, rights)) return undefined;
  const message = fromBinary(desc, item.payload);
  const isClient = principal.kind === "tenant";
  const data = toWire(desc, isClient ? withoutStaffFields(desc, message) : message);
  if (isClient && !isForClients(desc.typeName, data)) return undefined;
  if ("userRef" in data && desc.typeName.includes(".notifications.") && !isSelf(data.userRef, principal))
    return undefined;
  const name = getOption(desc, eventOption).subject;
  const body = JSON.stringify({
    type: name,
    id: item.eventId,
    tenantRef: item.tenantRef,
    occurredOn: item.occurredOn,
    data,
  });
  return `id: ${item.sequence}\nevent: ${name}\ndata: ${body}\n\n`;
}

/** The tenants whose events the caller sees, as of now; undefined for all of them. */
function tenantRefsOf(principal: Principal, rights: Rights): readonly string[] | undefined {
  if (principal.kind === "tenant") return [toRef(principal.tenantId)];
  if (principal.kind !== "platform") return [];
  return principal.role === "super_admin"
    ? undefined
    : rights.assignedTo(toRef(principal.userId)).map((tenantId) => toRef(tenantId));
}

function concerns(item: FeedItem, principal: Principal, rights: Rights): boolean {
  return tenantRefsOf(principal, rights)?.includes(item.tenantRef) ?? true;
}

function isOver(principal: Principal, rights: Rights): boolean {
  return "sessionId" in principal && rights.isRevoked(toRef(principal.sessionId));
}

function isSelf(userRef: unknown, principal: Principal): boolean {
  return (
    (principal.kind === "tenant" || principal.kind === "platform") && toRef(principal.userId) === userRef
  );
}
