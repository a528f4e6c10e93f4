import type { Generated } from "kysely";

export interface NotificationsDb {
  notification: {
    id: string;
    user_id: string;
    about_tenant: string | null;
    event_id: string;
    kind: string;
    title: string;
    body: string;
    link: string;
    read_on: Date | null;
    created_on: Generated<Date>;
  };
  publication_told: {
    publication_id: string;
    outcome: "out" | "failed" | "unsure";
    event_id: string;
    told_until: Date;
    about_tenant: string | null;
  };
  preference: { user_id: string; kind: string; in_app: boolean; email: boolean };
  delivery: {
    id: string;
    event_id: string;
    recipient: string;
    kind: string;
    about_tenant: string | null;
    status: "sending" | "sent" | "skipped" | "failed";
    problem: Generated<string>;
    attempts: Generated<number>;
    created_on: Generated<Date>;
    updated_on: Generated<Date>;
  };
}
