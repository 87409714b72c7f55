/** Times as people read them. */

/** `12:04` in local time, with the date before it when that is not the date of `now`: `2026-11-20 23:58`. */
export function localTime(at: Date, now: Date): string {
  if (Number.isNaN(at.getTime())) return '--:--';
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return localDate(at) === localDate(now) ? time : `${localDate(at)} ${time}`;
}

function localDate(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
