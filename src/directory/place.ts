// Positions and the distance between them.

export interface Position {
  /** Degrees, WGS 84. */
  readonly latitude: number
  readonly longitude: number
}

const earthRadiusKm = 6371

/** Kilometres along the great circle (haversine). */
export function kilometresBetween(a: Position, b: Position): number {
  const radians = Math.PI / 180
  const dLat = (b.latitude - a.latitude) * radians
  const dLon = (b.longitude - a.longitude) * radians
  const h =
    Math.sin(dLat / 2) ** 2 + Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * Math.sin(dLon / 2) ** 2
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h)))
}

export interface Box {
  readonly south: number
  readonly north: number
  readonly west: number
  readonly east: number
}

/** A box that holds everything within so many kilometres; the whole way round where it touches a pole or the date line. */
export function boxAround({ latitude, longitude }: Position, kilometres: number): Box {
  const dLat = (kilometres / earthRadiusKm) * (180 / Math.PI)
  const [south, north] = [latitude - dLat, latitude + dLat]
  const around = { south: Math.max(-90, south), north: Math.min(90, north), west: -180, east: 180 }
  if (south <= -90 || north >= 90) return around
  const dLon = dLat / Math.cos(Math.max(Math.abs(south), Math.abs(north)) * (Math.PI / 180))
  const [west, east] = [longitude - dLon, longitude + dLon]
  return west < -180 || east > 180 ? around : { ...around, west, east }
}

/** `46.95, 7.45`: the position, or null when the text is none or not on the earth. */
export function parsePosition(text: string): Position | null {
  const parts = /^\s*([+-]?\d+(?:\.\d+)?)\s*[,; ]\s*([+-]?\d+(?:\.\d+)?)\s*$/.exec(text)
  if (!parts) return null
  const position = { latitude: Number(parts[1]), longitude: Number(parts[2]) }
  return Math.abs(position.latitude) <= 90 && Math.abs(position.longitude) <= 180 ? position : null
}
