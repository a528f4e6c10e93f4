import { createService, loadConfig } from "@leadmetrics/kit";
import { searchConfig } from "./config.ts";
import { searchParts } from "./search.ts";

const config = loadConfig(searchConfig);

await createService({
  name: "search",
  config,
  migrations: new URL("../migrations", import.meta.url),
  ...searchParts(config),
});
