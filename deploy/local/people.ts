/**
 * The people a local platform starts with. Development only: the platform refuses these passwords in production.
 */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export const people = {
  superAdmin: { name: "Ada Admin", email: "admin@leadmetrics.example", password: "development-only-admin" },
  reviewer: {
    name: "Rune Reviewer",
    email: "reviewer@leadmetrics.example",
    password: "development-only-reviewer",
  },
  client: { name: "Clara Client", email: "clara@crumb-bakery.example", password: "development-only-client" },
} as const satisfies Record<string, Person>;

/** The client company of `people.client`. */
export const demoCompany = "Crumb & Co Bakery";
