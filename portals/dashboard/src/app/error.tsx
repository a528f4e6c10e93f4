"use client";
export { PageProblem as default } from "@leadmetrics/web";
