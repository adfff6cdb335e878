// A time of day as people type it on a phone.

/** `HH:MM` from 9, 9:30, 9.30, 930, 9h30, 2pm or 2:15 pm; null when it is none. */
export function parseTimeOfDay(text: string): string | null {
  const parts = /^(\d{1,2})(?:\s*[:.h]\s*(\d{2})|(\d{2}))?\s*([ap])?\.?m?\.?$/i.exec(text.trim())
  if (parts === null) return null
  const hour = Number(parts[1])
  const minute = Number(parts[2] ?? parts[3] ?? 0)
  const half = parts[4]?.toLowerCase()
  if (half !== undefined && (hour < 1 || hour > 12)) return null
  const hours = half === undefined ? hour : (hour % 12) + (half === 'p' ? 12 : 0)
  if (hours > 23 || minute > 59) return null
  return `${String(hours).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}
