/** @module How somebody signs in and where they are signed in. */

/** The password was right; a code is missing. */
export interface SecondFactorChallenge {
  token: string;
  expiresOn: string;
}

export interface Session {
  ref: string;
  app: "dashboard" | "dm" | "manage";
  userAgent: string;
  ip: string;
  createdOn: string;
  lastUsedOn: string;
  /** The one that asks. */
  current: boolean;
  /** A super admin in this person's place; where from is not told. */
  impersonated: boolean;
}

export interface SecondFactor {
  totpOn: boolean;
  totpSince: string | null;
  recoveryCodesLeft: number;
}

export interface Passkey {
  ref: string;
  name: string;
  /** The host name it works at. */
  rpId: string;
  /** Kept in a password manager, so that it survives the device. */
  synced: boolean;
  createdOn: string;
  lastUsedOn: string | null;
}
