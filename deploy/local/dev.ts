import { runPlatform } from "./start.ts";

/** `npm run dev`: the whole platform, restarted and rebuilt as its files change. */
await runPlatform(process.argv.slice(2), { watch: true });
