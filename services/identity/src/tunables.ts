const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Every number of identity; milliseconds unless the name says otherwise. */
export const TUNABLES = {
  accessTokenMs: { dashboard: 15 * MINUTE, dm: 60 * MINUTE, manage: 15 * MINUTE },
  /** A session that isn't used this long is over. */
  sessionMs: 30 * DAY,
  serviceTokenMs: 10 * MINUTE,
  mailTokenMs: { email_verification: 24 * HOUR, password_reset: HOUR },
  /** A new signing key this often; an old one verifies until its last token is over. */
  keyRotationMs: 30 * DAY,
  keyOverlapMs: 2 * HOUR,
  /** Failures before an address is locked, and the lock's first length; it doubles with each further failure. */
  lockAfterFailures: 5,
  lockMs: MINUTE,
  longestLockMs: HOUR,
  passwordMinLength: 12,
} as const;
