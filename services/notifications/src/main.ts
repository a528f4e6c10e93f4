import { createService, type Database } from "@leadmetrics/kit";
import { config } from "./config.ts";
import type { NotificationsDb } from "./db.ts";
import { Deliverer } from "./deliver/deliver.ts";
import { feedServices } from "./feed/rpc.ts";
import { occasionConsumer } from "./occasions.ts";
import { notificationRecords } from "./records.ts";
import { templatesService } from "./templates/rpc.ts";

const delivererOf = (db: Database<NotificationsDb>) =>
  new Deliverer({
    db,
    smtpUrl: config.SMTP_URL,
    from: config.MAIL_FROM,
    allowedDomains: config.ALLOWED_EMAIL_DOMAINS.split(",")
      .map((domain) => domain.trim().toLowerCase())
      .filter(Boolean),
  });

await createService<NotificationsDb, typeof config>({
  name: "notifications",
  config,
  migrations: new URL("../migrations/", import.meta.url),
  rpc: ({ db, rpc }) => [
    ...feedServices(db),
    templatesService(delivererOf(db), rpc, config.DASHBOARD_ORIGIN),
    notificationRecords(db),
  ],
  consumers: ({ db, rpc }) => [
    occasionConsumer(delivererOf(db), rpc, {
      dashboard: config.DASHBOARD_ORIGIN,
      dm: config.DM_ORIGIN,
      manage: config.MANAGE_ORIGIN,
    }),
  ],
});
