import { collection } from "./define.ts";

/** Newsletters; filled once content tells of them. */
export const newsletters = collection("newsletters");
