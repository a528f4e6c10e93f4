const { pathToFileURL } = require("node:url");

/**
 * A loader: of the names in `src/lib/glyphs.ts` it draws one SVG with a symbol each, from Lucide's own data. As script, the same
 * lines would weigh several kilobytes on every page.
 */
const drawn = ([tag, attributes, children = []]) => {
  const { key: _, ...shown } = attributes;
  const text = Object.entries(shown).map(([name, value]) => ` ${name}="${value}"`);
  return `<${tag}${text.join("")}>${children.map(drawn).join("")}</${tag}>`;
};

async function symbol(name) {
  const { __iconData: icon } = await import(`lucide-react/icons/${name}`);
  const { size = 24, width = size, height = size } = icon;
  return `<symbol id="${name}" viewBox="0 0 ${width} ${height}">${icon.node.map(drawn).join("")}</symbol>`;
}

module.exports = function iconSprite() {
  const done = this.async();
  this.addDependency(__filename);
  // The time: names that were added while the portal is being worked on are read, not remembered.
  import(`${pathToFileURL(this.resourcePath)}?${Date.now()}`)
    .then(({ glyphs }) => Promise.all(glyphs.map(symbol)))
    .then((symbols) =>
      done(
        null,
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><!-- Lucide (https://lucide.dev), ISC licence, copyright Lucide Contributors -->${symbols.join("")}</svg>`,
      ),
    )
    .catch(done);
};
