/** Addresses of a draft, as far as they may stand in a page: what others wrote never runs. */

const SAFE_LINK = /^(https?:|mailto:|tel:|[/#?]|[^:]*$)/i;
const SAFE_IMAGE = /^(https?:|[/]|data:image\/(png|jpeg|gif|webp);|[^:]*$)/i;

/** Browsers skip control characters in a scheme, so they don't count here either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are meant
const bare = (address: string): string => address.replace(/[\u0000-\u0020\u007f]+/g, "");

/** The address of a link; empty when it could run something. */
export const safeHref = (address: string): string => (SAFE_LINK.test(bare(address)) ? address : "");

/** The address of a picture; empty when it isn't one. */
export const safeImage = (address: string): string => (SAFE_IMAGE.test(bare(address)) ? address : "");
