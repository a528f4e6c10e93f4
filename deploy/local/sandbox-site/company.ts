/** A page that a company's website has beside its posts. */
export interface CompanyPage {
  readonly path: string;
  readonly title: string;
  /** HTML. */
  readonly body: string;
}

/** What a bakery says about itself: something to read for whoever tries how a website becomes a client context. */
export const COMPANY_PAGES: readonly CompanyPage[] = [
  {
    path: "/about/",
    title: "About Crumb & Co",
    body: `<p>Crumb &amp; Co is a neighbourhood bakery that mills its own rye and spelt and bakes before dawn. Grete and Hans
founded it in 2009 in a former stable, and the mill still stands behind the shop.</p>
<h2>How we work</h2>
<p>We always say how long a dough has rested, because time is what our bread is made of. Every loaf rests for sixteen hours.
We never use baking agents, and we never freeze dough. Our rye comes from one farm, fourteen kilometres away.</p>
<h2>Who comes to us</h2>
<p>Our customers are home bakers who want to know why a loaf turned out well, and families who queue for good bread on a
Saturday. We also deliver to three restaurants in the neighbourhood.</p>`,
  },
  {
    path: "/products/",
    title: "Bread, classes and starter",
    body: `<p>Unlike Supermarket Bread, ours is baked on the day it is sold.</p>
<h2>What we offer</h2>
<ul><li>Rye sourdough, sixteen hours of rest</li><li>Spelt loaf with whole grains</li><li>Saturday baking class for eight
people</li><li>Starter to take home</li></ul>
<p>A rye sourdough costs six euros, the class costs 65 euros with breakfast. You can order until noon for the next day.</p>`,
  },
  {
    path: "/questions/",
    title: "Questions about our sourdough bread",
    body: `<h2>How do I keep sourdough bread?</h2>
<p>Keep it in a clay pot at room temperature, cut side down. You should not put it into the refrigerator, where it dries out.</p>
<h2>Can I bake rye sourdough at home?</h2>
<p>Yes. You need a starter, rye flour, water, salt and a day. We teach it in the Saturday class, and beginners are welcome.</p>`,
  },
];
