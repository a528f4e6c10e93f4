/** Light or dark: the system's choice until the person makes their own. */

const key = "lm:theme";

const systemDark = (): boolean => matchMedia("(prefers-color-scheme: dark)").matches;

/** Changes to the other theme and remembers it; choosing what the system says anyway forgets the choice. */
export function flipTheme(): void {
  const now = document.documentElement.dataset.theme ?? (systemDark() ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  if ((next === "dark") === systemDark()) localStorage.removeItem(key);
  else localStorage.setItem(key, next);
}

/** Runs before the first paint, so that a chosen theme never flashes the other one. */
export const themeScript = `try{var t=localStorage.getItem(${JSON.stringify(key)});if(t)document.documentElement.dataset.theme=t}catch(e){}`;
