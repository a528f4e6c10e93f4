import { baseConfig, loadConfig } from "@leadmetrics/kit";

export const config = loadConfig(baseConfig);
