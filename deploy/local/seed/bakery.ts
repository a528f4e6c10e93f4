/** What the demo tenant says about itself. */
export const bakery = {
  context: {
    companySummary:
      "Crumb & Co is a neighbourhood bakery that mills its own rye and spelt, bakes before dawn, and teaches home bakers on Saturdays.",
    brandVoice:
      "Warm, plain, a little proud of the craft. Short sentences. Bread words, not marketing words.",
    audience: "Home bakers within ten kilometres, and people who queue for good bread on a Saturday.",
    products: ["Rye sourdough", "Spelt loaf", "Weekend baking class", "Starter to take home"],
    competitors: ["Supermarket bread", "The chain on the corner"],
    dos: ["Name the flour", "Say how long the dough rests", "End with one thing to try at home"],
    donts: ["No health claims", "Never speak ill of other bakers"],
    keywords: ["sourdough starter", "rye bread", "spelt flour", "baking class"],
    website: "https://crumb-bakery.example",
  },
  files: [
    {
      name: "our-starter.md",
      type: "text/markdown",
      content: `# Our starter

The starter is nine years old and lives on wholegrain rye from our own mill.

## Feeding
It is fed twice a day, at six in the morning and at six in the evening: one part starter, two parts rye, two parts water at 28 °C.
Between feedings it stands at 24 to 26 °C and doubles within four hours.

## Baking with it
For a rye sourdough the dough rests for sixteen hours before it is shaped. In summer twelve are enough.
A starter that smells of vinegar was kept too warm; one that smells of nothing was kept too cold.
`,
    },
    {
      name: "baking-class.html",
      type: "text/html",
      content: `<!doctype html><html><head><title>Baking class</title></head><body>
<h1>The Saturday class</h1>
<p>Every Saturday at nine, eight people learn to shape a spelt loaf. The class takes four hours and costs 65 euros.</p>
<h2>What is included</h2><ul><li>Flour, salt and a jar of starter to take home</li><li>Breakfast with last night's bread</li></ul>
<p>Beginners are welcome; nobody leaves without a loaf.</p></body></html>`,
    },
    {
      name: "flour-and-mill.txt",
      type: "text/plain",
      content: `The mill stands behind the shop. It grinds rye on Tuesdays and spelt on Thursdays, slowly, so that the flour stays below 35 degrees.

Rye comes from one farm, fourteen kilometres away. Spelt comes from two. Wholegrain flour is used within three days of milling.

The bakery opens at six in the morning and sells out of rye sourdough by ten on most days.
`,
    },
  ],
  strategy: {
    title: "Become the bakery home bakers learn from",
    horizonMonths: 6,
    body: `## Where we are
People know the bread, few know the class. Most new customers come by word of mouth.

## What we do
Teach in public: a post a week that solves one problem of a home baker, and short notes from the bakehouse in between.

## What we leave alone
Discounts, and anything that reads like an advertisement.
`,
    goals: [
      { name: "Posts that teach something", metric: "published_items", baseline: 0, target: 24, current: 0 },
      {
        name: "Seats sold in the Saturday class",
        metric: "class_seats",
        baseline: 18,
        target: 32,
        current: 18,
      },
    ],
  },
  deliverables: [
    { contentType: "blog_post", quantity: 2, theme: "Sourdough at home: starters, flour and time" },
    { contentType: "social_post", quantity: 3, theme: "Mornings in the bakehouse" },
  ],
} as const;
