/** What templates are filled in with where nobody is told yet. The names are those of the events behind them. */
export const exampleFields: Readonly<Record<string, unknown>> = {
  name: "Clara",
  tenantName: "Crumb & Co Bakery",
  invitedByName: "Rune Reviewer",
  available: 40,
  token: "example",
  what: "a passkey was added to your account",
  activity: { ref: "example", title: "Why sourdough takes three days", escalated: false },
  publication: {
    url: "https://crumb-bakery.example/sourdough",
    problem: "The site refused the post: its password has changed.",
  },
};
