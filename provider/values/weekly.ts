/** Times of the week, as maintenance windows begin at them. */
import { formatDuration, parseDuration } from "../../sdk/index";
import { forProgram } from "../resource/errors";

/** @internal */
export const minuteSeconds = 60;
/** @internal */
export const hourSeconds = 60 * minuteSeconds;
/** @internal */
export const daySeconds = 24 * hourSeconds;
/** @internal */
export const weekSeconds = 7 * daySeconds;

const days = [
  "MONDAY",
  "TUESDAY",
  "WEDNESDAY",
  "THURSDAY",
  "FRIDAY",
  "SATURDAY",
  "SUNDAY",
] as const;

/** A day of the week. */
export type Weekday =
  | "MONDAY"
  | "TUESDAY"
  | "WEDNESDAY"
  | "THURSDAY"
  | "FRIDAY"
  | "SATURDAY"
  | "SUNDAY";

/** A time of the week, in UTC. */
export interface WeeklyTime {
  /** Day of the week. */
  day: Weekday;
  /** Hour, 0 to 23. */
  hourUtc: number;
  /**
   * Minute, 0 to 59.
   * @default 0
   */
  minuteUtc?: number;
}

/**
 * A time of the week as `offsetDuration` takes it: `{ day: "WEDNESDAY", hourUtc: 2 }` is `"180000s"`.
 *
 * @throws RangeError when there is no such time.
 */
export function weekly({ day, hourUtc, minuteUtc: minute }: WeeklyTime): string {
  const minuteUtc = minute ?? 0;
  const dayIndex = days.indexOf(day);
  if (dayIndex < 0)
    throw forProgram(new RangeError(`day must be one of ${days.join(", ")}, not ${day}.`));
  checkWhole("hourUtc", hourUtc, 23);
  checkWhole("minuteUtc", minuteUtc, 59);
  return formatDuration(dayIndex * daySeconds + hourUtc * hourSeconds + minuteUtc * minuteSeconds);
}

/** The inverse of `weekly`; undefined for an offset that is no whole minute of the week. @internal */
export function weeklyTimeOf(offsetDuration: string): WeeklyTime | undefined {
  const seconds = parseDuration(offsetDuration);
  const day = days[Math.floor(seconds / daySeconds)];
  if (day === undefined || seconds % minuteSeconds !== 0) return undefined;
  const hourUtc = Math.floor((seconds % daySeconds) / hourSeconds);
  const minuteUtc = (seconds % hourSeconds) / minuteSeconds;
  return minuteUtc === 0 ? { day, hourUtc } : { day, hourUtc, minuteUtc };
}

function checkWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw forProgram(
    new RangeError(`${name} must be a whole number from 0 to ${most}, not ${value}.`),
  );
}
