/** The day on which the story of the demonstration begins, in milliseconds since the epoch. */
const FIRST_DAY = Date.UTC(2026, 0, 12);

/** A moment of the story, in milliseconds since the epoch: so many days after the first and then so many minutes. */
export function storyTime(day: number, minutes = 0): number {
  return FIRST_DAY + (day * 24 * 60 + minutes) * 60_000;
}
