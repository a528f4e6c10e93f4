/** @module What is told, recorded and kept. */
import type { Actor } from "./people.ts";

export interface Notification {
  ref: string;
  tenantRef?: string;
  kind: string;
  title: string;
  body: string;
  link: string;
  read: boolean;
  createdOn?: string;
}

export interface NotificationPreference {
  kind: string;
  inApp: boolean;
  email: boolean;
  description: string;
}

export interface AuditEntry {
  ref: string;
  sequence: number;
  action: string;
  actor?: Actor | null;
  actorName?: string;
  entityKind: string;
  entityRef: string;
  summary: string;
  traceId: string;
  requestId: string;
  occurredOn?: string;
}

export interface DeadLetter {
  sequence: number;
  stream: string;
  consumer: string;
  eventId: string;
  eventType: string;
  tenantRef: string;
  error: string;
  deliveries: number;
  payloadJson: string;
  deadOn?: string;
  replays: number;
}
