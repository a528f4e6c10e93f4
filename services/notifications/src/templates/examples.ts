/** What templates are filled in with where nobody is told yet. The names are those of the events behind them. */
export const exampleFields: Readonly<Record<string, unknown>> = {
  name: "Clara",
  tenantName: "Crumb & Co Bakery",
  invitedByName: "Rune Reviewer",
  available: 40,
  cap: "the month's cap on runs",
  standing: { activityRef: "" },
  used: "80",
  limit: "100 runs",
  token: "example",
  what: "a passkey was added to your account",
  activity: { ref: "example", title: "Why sourdough takes three days", escalated: false },
  website: "crumb-bakery.example",
  changes: "2 pages are new, 1 has changed and 3 are gone",
  on: " on Crumb bakery blog and Crumb shop",
  where:
    "Crumb bakery blog: https://crumb-bakery.example/sourdough\nCrumb shop: https://shop.crumb-bakery.example/sourdough",
  why: "Crumb bakery blog: The site refused the post: its password has changed.\nCrumb shop: The site can't be reached.",
  rest: "It was left out on Crumb wholesale.",
};
