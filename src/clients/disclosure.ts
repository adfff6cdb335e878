// What a person tells of themself freely. Kept apart from the file: it checks fairness and enters estimates only as the
// protected facts may (docs/glossary.md), never the order in which services are shown.

import type { CalendarDay } from '#platform/dates.ts'
import { ageOn, type Client } from './client.ts'

export const disclosureKinds = ['sex', 'born_abroad', 'disability'] as const
export type DisclosureKind = (typeof disclosureKinds)[number]

export const disclosureValues: Readonly<Record<DisclosureKind, readonly string[]>> = {
  sex: ['female', 'male', 'other'],
  born_abroad: ['yes', 'no'],
  disability: ['yes', 'no'],
}

export interface Disclosure {
  readonly kind: DisclosureKind
  readonly value: string
  readonly toldAt: Date
}

/** The facts that the file itself knows, by the codes of the directory's list of facts. */
export interface ClientFacts {
  readonly age?: number
  readonly residence_area?: string
  readonly sex?: string
  readonly born_abroad?: boolean
  readonly disability?: boolean
}

/** What the file knows on a day; a fact not known is left out. Disclosures are given only where evidence or equity ask:
 *  matching passes none. */
export function clientFacts(
  client: Pick<Client, 'birthDate' | 'residenceArea'>,
  today: CalendarDay,
  disclosures: readonly Pick<Disclosure, 'kind' | 'value'>[] = [],
): ClientFacts {
  const age = ageOn(client, today)
  const told = new Map(disclosures.map(({ kind, value }) => [kind, value]))
  const [sex, bornAbroad, disability] = [told.get('sex'), told.get('born_abroad'), told.get('disability')]
  return {
    ...(age === null ? {} : { age }),
    ...(client.residenceArea === null ? {} : { residence_area: client.residenceArea }),
    ...(sex === undefined ? {} : { sex }),
    ...(bornAbroad === undefined ? {} : { born_abroad: bornAbroad === 'yes' }),
    ...(disability === undefined ? {} : { disability: disability === 'yes' }),
  }
}
