import { collection } from "./define.ts";

/** People in contact lists; filled once content tells of them. */
export const contacts = collection("contacts", { weights: { title: 1, keywords: 0.9, body: 0.3 } });
