import { collection } from "./define.ts";

/** Campaigns to contact lists; filled once content tells of them. */
export const campaigns = collection("campaigns");
