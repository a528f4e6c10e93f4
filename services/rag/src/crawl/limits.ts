/** What one crawl may cost, us and the site. */
export const CRAWL = {
  /** Pages when nobody says how many, and the most there may be. */
  pages: 150,
  mostPages: 500,
  /** Addresses kept in all; a site with endless ones has endless many. */
  addresses: 2_000,
  /** Links away from the start page. */
  depth: 5,
  /** Characters of an address. */
  addressChars: 2_000,
  /** Bytes of one page. */
  pageBytes: 3 * 1024 * 1024,
  /** Links taken from one page. */
  linksPerPage: 300,
  /** Milliseconds from the first request on, over all workers that took part. */
  wallClockMs: 15 * 60_000,
  /** Milliseconds until one answer must be there. */
  answerMs: 15_000,
  /** Milliseconds between the beginnings of two requests, unless the site asks for more. */
  delayMs: 250,
  /** The longest such delay a site's rules are followed in, milliseconds. */
  mostDelayMs: 10_000,
  /** Requests to a site at once. */
  concurrent: 2,
  /** Tries of a page whose site doesn't answer, or answers that something is wrong with itself. */
  pageTries: 2,
  /** The longest pause a site may ask for before the next try, milliseconds. */
  mostPauseMs: 30_000,
  /** Pages in a row that got no usable answer, after which the site counts as down. */
  failuresInARow: 10,
  robotsBytes: 512 * 1024,
  sitemapBytes: 5 * 1024 * 1024,
  /** Sitemaps read, those a sitemap names included, and addresses taken from all of them. */
  sitemaps: 5,
  sitemapAddresses: 1_000,
  /** Takeovers of a crawl whose workers died before they had stored anything. */
  attempts: 4,
  /** Milliseconds that the last pages may take to become findable; they go on becoming so after it. */
  indexingMs: 5 * 60_000,
  /** Milliseconds between two looks whether they are. */
  indexingPollMs: 500,
  /** Milliseconds until a site that was read is read again: it changes by the day, and we are its guests. */
  againMs: 10 * 60_000,
  /** The same after a try that was given up or failed, so that what was wrong can be mended. */
  againAfterFailureMs: 60_000,
  /** Websites listed. */
  websites: 50,
  /** Addresses of pages that are gone, kept for people to see. */
  goneShown: 50,
  /** Milliseconds between two events about how far it is. */
  progressMs: 500,
} as const;

/** What we say we are. Sites address their rules to the first word. */
export const USER_AGENT = "LeadmetricsBot/1.0 (reads a client's own website at their request)";
export const ROBOT = "LeadmetricsBot";
