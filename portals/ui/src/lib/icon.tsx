/// <reference path="../sprite.d.ts" />
import type { glyphs } from "./glyphs.ts";
import picture from "./glyphs.ts?sprite";

/** An icon that `glyphs.ts` names. */
export type IconName = (typeof glyphs)[number];

/** Where the picture with all icons is: its address changes with what is in it. */
const sprite = picture.src;

/**
 * Makes a browser fetch the icons with the document, before one of them is to be seen. A preload would not do: Chromium holds
 * it for a picture of another kind and warns that nobody used it.
 */
export function IconsAhead() {
  return (
    <svg aria-hidden className="hidden">
      <use href={`${sprite}#check`} />
    </svg>
  );
}

/** An icon at the size and stroke all portals share; decoration unless it gets a label. */
export function Icon({
  of: name,
  size = 16,
  label,
  className = "",
}: {
  of: IconName;
  size?: number;
  label?: string;
  className?: string;
}) {
  return (
    <svg
      width={size}
      height={size}
      aria-hidden={label ? undefined : true}
      aria-label={label}
      role={label ? "img" : undefined}
      className={`icon ${className}`}
    >
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}
