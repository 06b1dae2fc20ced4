const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs far more than using it, and there is one time zone per programme. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  formats.set(timeZone, format);
  return format;
}

/**
 * The calendar day, `YYYY-MM-DD`, of an instant in the programme's time zone, daylight saving included.
 * @param instant ISO 8601, or whole Unix seconds
 * @throws RangeError when the instant is no time, or the zone is unknown
 */
export function dayOf(instant: string | number, timeZone: string): string {
  const date = new Date(typeof instant === 'number' ? instant * 1000 : instant);
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(date)
      .map((part) => [part.type, part.value]),
  );
  return [parts.get('year')?.padStart(4, '0'), parts.get('month'), parts.get('day')].join('-');
}
