export { catalogueProblems, catalogueTest } from "./catalogue.ts";
export { type ServiceTest, startServiceTest, type TestContexts } from "./service-test.ts";
