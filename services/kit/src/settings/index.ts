export * from "./known.ts";
export * from "./registry.ts";
export * from "./rules.ts";
