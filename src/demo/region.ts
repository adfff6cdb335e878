// The invented region: a river, three towns and the country around them. The places lie on a real map's empty water, so
// that nobody's street is meant.

import type { SiteKind } from '#networks/index.ts'

export interface DemoArea {
  readonly code: string
  readonly name: string
  readonly latitude: number
  readonly longitude: number
  /** Share of the region's people, in hundredths. */
  readonly share: number
}

export const demoAreas: readonly DemoArea[] = [
  { code: 'A1', name: 'Alderbrook Centre', latitude: 54.0, longitude: 3.0, share: 18 },
  { code: 'A2', name: 'Alderbrook North', latitude: 54.0135, longitude: 3.0045, share: 14 },
  { code: 'A3', name: 'Mill Quarter', latitude: 53.9933, longitude: 3.0135, share: 12 },
  { code: 'B1', name: 'Fernholt', latitude: 54.054, longitude: 2.9325, share: 14 },
  { code: 'B2', name: 'Fernholt Harbour', latitude: 54.063, longitude: 2.91, share: 8 },
  { code: 'C1', name: 'Saltmarsh', latitude: 53.955, longitude: 3.099, share: 12 },
  { code: 'C2', name: 'Low Reach', latitude: 53.937, longitude: 3.135, share: 7 },
  { code: 'D1', name: 'Upper Dale', latitude: 54.09, longitude: 3.0675, share: 8 },
  { code: 'D2', name: 'Stonewick', latitude: 54.1125, longitude: 3.135, share: 7 },
]

export interface DemoSite {
  readonly name: string
  readonly kind: SiteKind
  readonly address: string
  readonly area: string
}

/** Three centres, six satellites; phone and online are doors too. */
export const demoSites: readonly DemoSite[] = [
  { name: 'Alderbrook Centre', kind: 'centre', address: '12 Market Square, Alderbrook', area: 'A1' },
  { name: 'Fernholt Centre', kind: 'centre', address: '3 Station Road, Fernholt', area: 'B1' },
  { name: 'Saltmarsh Centre', kind: 'centre', address: '40 Quay Street, Saltmarsh', area: 'C1' },
  { name: 'Alderbrook North Library', kind: 'satellite', address: '8 Chestnut Avenue, Alderbrook', area: 'A2' },
  { name: 'Mill Quarter Community House', kind: 'satellite', address: '1 Weaver Lane, Alderbrook', area: 'A3' },
  { name: 'Fernholt Harbour Hall', kind: 'satellite', address: '22 Pier Road, Fernholt', area: 'B2' },
  { name: 'Low Reach Village Hall', kind: 'satellite', address: 'Church Lane, Low Reach', area: 'C2' },
  { name: 'Upper Dale Surgery', kind: 'satellite', address: '5 Dale Road, Upper Dale', area: 'D1' },
  { name: 'Stonewick School House', kind: 'satellite', address: '2 School Hill, Stonewick', area: 'D2' },
  { name: 'By phone', kind: 'phone', address: '01632 960 100', area: 'A1' },
]

export function areaOf(code: string): DemoArea {
  const area = demoAreas.find((each) => each.code === code)
  if (!area) throw new Error(`The region has no area ${code}.`)
  return area
}
