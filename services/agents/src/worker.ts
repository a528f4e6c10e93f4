import { createService } from "@leadmetrics/kit";
import { config } from "./config.ts";
import { worker } from "./definition.ts";

await createService({ ...worker, config });
