/** What a super admin sets for the whole platform, and the features they turn on for some: each declared here and nowhere else. */

interface Declared {
  readonly title: string;
  /** What it does, in a sentence or two. */
  readonly what: string;
}

export interface SwitchSetting extends Declared {
  readonly type: "switch";
  readonly default: boolean;
}
export interface NumberSetting extends Declared {
  readonly type: "number";
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}
export interface TextSetting extends Declared {
  readonly type: "text";
  readonly default: string;
  /** Characters. */
  readonly longest: number;
}
export type Setting = SwitchSetting | NumberSetting | TextSetting;

export const SETTINGS = {
  "sign_up.open": {
    type: "switch",
    default: true,
    title: "Sign-up is open",
    what: "Companies sign up by themselves. When off, only who was invited gets an account.",
  },
  "portals.banner": {
    type: "text",
    default: "",
    longest: 200,
    title: "Banner in all portals",
    what: "One line over every page of every portal, for planned maintenance say. Empty means none.",
  },
  "promise.dm_review_hours": {
    type: "number",
    default: 24,
    min: 1,
    max: 168,
    unit: "hours",
    title: "Promise of the DM review",
    what: "How long a draft may wait for its reviewer before it counts as overdue. Holds for drafts that arrive from now on.",
  },
  "promise.client_review_hours": {
    type: "number",
    default: 48,
    min: 1,
    max: 336,
    unit: "hours",
    title: "Promise of the client review",
    what: "How long a draft may wait for the client before it counts as overdue. Holds for drafts that arrive from now on.",
  },
  "impersonation.minutes": {
    type: "number",
    default: 30,
    min: 5,
    max: 30,
    unit: "minutes",
    title: "Looking in a client's place",
    what: "How long a super admin may look at a client's dashboard before they must give a reason again.",
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
/** The type of a setting's value. */
export type SettingValue<N extends SettingName> = (typeof SETTINGS)[N] extends SwitchSetting
  ? boolean
  : (typeof SETTINGS)[N] extends NumberSetting
    ? number
    : string;

export interface Flag extends Declared {
  /** Share of the tenants that have it, 0 to 100, while nobody has said otherwise. */
  readonly default: number;
}

export const FLAGS = {
  bundle_approvals: {
    default: 100,
    title: "Approve a plan's drafts together",
    what: "In the approvals inbox, one button approves all drafts of a plan that wait.",
  },
  calendar_drag: {
    default: 100,
    title: "Drag in the calendar",
    what: "Items of the calendar are dragged to another day. Without it, the date is chosen in a dialog.",
  },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof FLAGS;

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];
export const FLAG_NAMES = Object.keys(FLAGS) as FlagName[];
