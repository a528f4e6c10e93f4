/** Style sheets are imported for what they do, and are bundled by the portals. */
declare module "*.css";
