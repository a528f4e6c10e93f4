let region: HTMLElement | undefined;

/** How long a screen reader needs to notice that a region is there or was emptied, milliseconds. */
const NOTICE_MS = 80;

/** Says something to screen readers that the screen shows in its own way. What is said last counts. */
export function announce(text: string): void {
  if (!region) {
    region = document.createElement("div");
    region.ariaLive = "assertive";
    region.className = "sr-only";
    document.body.append(region);
  }
  const here = region;
  here.textContent = "";
  setTimeout(() => {
    here.textContent = text;
  }, NOTICE_MS);
}
