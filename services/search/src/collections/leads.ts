import { collection } from "./define.ts";

/** People who showed interest; filled once content tells of them. */
export const leads = collection("leads", { weights: { title: 1, keywords: 0.9, body: 0.3 } });
