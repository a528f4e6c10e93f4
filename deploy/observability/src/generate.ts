import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FILES, generatedFiles } from "./files.ts";

/** Writes rules and dashboards into the chart; what isn't declared any more goes. */
const files = generatedFiles();
for (const folder of ["rules", "dashboards"]) {
  mkdirSync(join(FILES, folder), { recursive: true });
  for (const name of readdirSync(join(FILES, folder)))
    if (!files.has(`${folder}/${name}`)) rmSync(join(FILES, folder, name));
}
for (const [path, text] of files) writeFileSync(join(FILES, path), text);
