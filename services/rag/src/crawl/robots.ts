import library from "robots-parser";

/** What a site's robots.txt allows. */
export type Robots = ReturnType<typeof library.default>;

// The library's types describe an ES module; what Node imports is the function itself.
const parse = library as unknown as typeof library.default;

/** @param url of the robots.txt itself */
export const robotsOf = (url: string, text: string): Robots => parse(url, text);
