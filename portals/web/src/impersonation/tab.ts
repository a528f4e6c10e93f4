const KEY = "lm:impersonation";

/** Where a tab goes whose look in a client's place has ended. */
export const IMPERSONATION_OVER = "/impersonation?over=1";

/** Whether this tab was opened in a client's place. */
export const tabLooks = (): boolean => sessionStorage.getItem(KEY) !== null;

/** From now on, until the tab is closed or somebody signs in here. */
export const tabBeginsToLook = (): void => sessionStorage.setItem(KEY, "1");

export const tabLooksNoMore = (): void => sessionStorage.removeItem(KEY);
