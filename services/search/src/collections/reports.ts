import { collection } from "./define.ts";

/** Reports for clients; filled once content tells of them. */
export const reports = collection("reports");
