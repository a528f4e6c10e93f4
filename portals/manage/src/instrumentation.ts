import { observePortal } from "@leadmetrics/web/instrumentation";

export const register = () => observePortal("manage");
