import type { AlertGroup } from "./alert.ts";
import { gateway } from "./gateway.ts";
import { messaging } from "./messaging.ts";
import { portals } from "./portals.ts";
import { processes } from "./processes.ts";
import { work } from "./work.ts";

/** Every alarm of the platform. */
export const ALERT_GROUPS: readonly AlertGroup[] = [gateway, portals, processes, messaging, work];
