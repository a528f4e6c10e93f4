import { createService } from "@leadmetrics/kit";
import { config } from "./config.ts";
import { service } from "./definition.ts";

await createService({ ...service, config });
