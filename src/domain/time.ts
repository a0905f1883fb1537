/** The greatest time that ISO 8601 in JavaScript can tell, in milliseconds from the epoch either way. */
const MAX_TIME = 8_640_000_000_000_000n;

/** A time to show, in milliseconds since the Unix epoch; null for one that is not set, and for one beyond calendars. */
export function toTime(milliseconds: bigint | undefined): bigint | null {
  if (milliseconds === undefined || milliseconds > MAX_TIME || milliseconds < -MAX_TIME) return null;
  return milliseconds;
}
