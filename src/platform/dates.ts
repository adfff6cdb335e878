// Days on the calendar, told apart from moments. A day has no clock and no zone; a moment is a Date.

/** A day as `YYYY-MM-DD`. Days compare rightly as text. */
export type CalendarDay = string & { readonly __day: true }

/** Days of a year that the network's calendar keeps as holidays. */
export type Holidays = ReadonlySet<CalendarDay>

const millisecondsOfADay = 86_400_000

/** The day, or null when there is no such day (30 February) or the text is of another shape. */
export function parseDay(text: unknown): CalendarDay | null {
  if (typeof text !== 'string') return null
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  return parts ? dayFrom(Number(parts[1]), Number(parts[2]), Number(parts[3])) : null
}

/** The day made of year, month (1 to 12) and day of the month, or null when there is none. */
export function dayFrom(year: number, month: number, day: number): CalendarDay | null {
  if (![year, month, day].every(Number.isInteger) || year < 1 || year > 9999) return null
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  return dayOf(date)
}

/** The day that it is at this moment in the zone (`Europe/Zurich`). Throws RangeError for an unknown zone. */
export function dayIn(timeZone: string, moment: Date): CalendarDay {
  return inZone(timeZone).format(moment) as CalendarDay
}

export function addDays(day: CalendarDay, days: number): CalendarDay {
  return dayOf(new Date(atMidnight(day) + days * millisecondsOfADay))
}

/** The same day some months on; the last day of the month where that month is shorter. */
export function addMonths(day: CalendarDay, months: number): CalendarDay {
  const start = new Date(atMidnight(day))
  const target = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, 1))
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate()
  target.setUTCDate(Math.min(start.getUTCDate(), last))
  return dayOf(target)
}

/** Whole days from the first day to the second; negative when the second is earlier. */
export function daysBetween(from: CalendarDay, to: CalendarDay): number {
  return Math.round((atMidnight(to) - atMidnight(from)) / millisecondsOfADay)
}

/** Full years lived on a day. */
export function yearsBetween(birth: CalendarDay, on: CalendarDay): number {
  const years = Number(on.slice(0, 4)) - Number(birth.slice(0, 4))
  return on.slice(5) < birth.slice(5) ? years - 1 : years
}

/** Monday to Friday and no holiday. */
export function isWorkingDay(day: CalendarDay, holidays: Holidays): boolean {
  const weekday = new Date(atMidnight(day)).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !holidays.has(day)
}

/** The working day that lies so many working days after the day; zero gives the day itself, or the next working day. */
export function addWorkingDays(day: CalendarDay, workingDays: number, holidays: Holidays): CalendarDay {
  let current = day
  while (!isWorkingDay(current, holidays)) current = addDays(current, 1)
  for (let left = workingDays; left > 0; left--) {
    do current = addDays(current, 1)
    while (!isWorkingDay(current, holidays))
  }
  return current
}

/** The moment at which a day and a time of day (`HH:MM`) come in a zone; in the hour that a clock change skips, the later one. */
export function momentIn(timeZone: string, day: CalendarDay, time: string): Date {
  const wanted = Date.parse(`${day}T${time}:00Z`)
  let guess = wanted
  // Two rounds settle every zone: the first finds the offset, the second mends it across a clock change.
  for (let round = 0; round < 2; round++) guess = wanted - offsetOf(timeZone, new Date(guess))
  return new Date(guess)
}

/** How far the zone's clocks are ahead of UTC at this moment, in milliseconds. Throws RangeError for an unknown zone. */
export function offsetOf(timeZone: string, moment: Date): number {
  const parts = Object.fromEntries(
    clockIn(timeZone)
      .formatToParts(moment)
      .map((part) => [part.type, part.value]),
  )
  const local = Date.UTC(
    Number(parts['year']),
    Number(parts['month']) - 1,
    Number(parts['day']),
    Number(parts['hour']),
    Number(parts['minute']),
  )
  return local - Math.floor(moment.getTime() / 60_000) * 60_000
}

function atMidnight(day: CalendarDay): number {
  return Date.parse(`${day}T00:00:00Z`)
}

function dayOf(date: Date): CalendarDay {
  return date.toISOString().slice(0, 10) as CalendarDay
}

const zones = new Map<string, Intl.DateTimeFormat>()
function inZone(timeZone: string): Intl.DateTimeFormat {
  let format = zones.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    zones.set(timeZone, format)
  }
  return format
}

const clocks = new Map<string, Intl.DateTimeFormat>()
function clockIn(timeZone: string): Intl.DateTimeFormat {
  let format = clocks.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    clocks.set(timeZone, format)
  }
  return format
}
