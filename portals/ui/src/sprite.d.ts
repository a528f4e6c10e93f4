/** The picture that `icon-sprite.cjs` draws of the icons a module names, as Next hands pictures over. */
declare module "*?sprite" {
  const picture: { readonly src: string };
  export default picture;
}
