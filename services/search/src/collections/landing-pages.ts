import { collection } from "./define.ts";

/** Landing pages; filled once content tells of them. */
export const landingPages = collection("landing_pages");
