import { portalConfig } from "@leadmetrics/web/next-config";

export default portalConfig;
