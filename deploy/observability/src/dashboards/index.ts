import { agents } from "./agents.ts";
import type { Dashboard } from "./grafana.ts";
import { messaging } from "./messaging.ts";
import { platform } from "./platform.ts";
import { portals } from "./portals.ts";
import { postgres } from "./postgres.ts";
import { services } from "./services.ts";

/** Every dashboard. */
export const DASHBOARDS: readonly Dashboard[] = [platform, services, agents, messaging, postgres, portals];
