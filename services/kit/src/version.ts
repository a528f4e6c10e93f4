import manifest from "../package.json" with { type: "json" };

/** Which build this process is: what the one who deploys says, else the version of the sources. */
export const VERSION: string = process.env.LM_VERSION || manifest.version;
