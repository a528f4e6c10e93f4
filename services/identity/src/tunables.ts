const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Every number of identity; milliseconds unless the name says otherwise. */
export const TUNABLES = {
  accessTokenMs: { dashboard: 15 * MINUTE, dm: 60 * MINUTE, manage: 15 * MINUTE },
  /** A session that isn't used this long is over. */
  sessionMs: 30 * DAY,
  /** A super admin looks in a client's place for this long at most, counted from the start. */
  impersonationMs: 30 * MINUTE,
  /** The ticket that opens it is taken within this, by the tab that was opened for it. */
  impersonationTicketMs: MINUTE,
  serviceTokenMs: 10 * MINUTE,
  mailTokenMs: { email_verification: 24 * HOUR, password_reset: HOUR },
  /** A new signing key this often; an old one verifies until its last token is over. */
  keyRotationMs: 30 * DAY,
  keyOverlapMs: 2 * HOUR,
  /** A new key is published this long before it signs: longer than a verifier waits between two fetches of the keys. */
  keySettleMs: 5 * SECOND,
  /** Failures before an address is locked, and the lock's first length; it doubles with each further failure. */
  lockAfterFailures: 5,
  lockMs: MINUTE,
  longestLockMs: HOUR,
  /** After this long without a failure the count starts anew. */
  failuresForgottenMs: DAY,
  passwordMinLength: 12,
  /** How long a code or a passkey may take to come. */
  challengeMs: 5 * MINUTE,
  /** Wrong codes before one must start with the password again. */
  challengeAttempts: 5,
  totpStepMs: 30 * SECOND,
  totpDigits: 6,
  /** Time steps before and after the present one that are taken: clocks differ. */
  totpWindowSteps: 1,
  /** 160 bits, what RFC 4226 recommends. */
  totpSecretBytes: 20,
  recoveryCodes: 10,
  passkeysPerUser: 20,
} as const;
