// Why a service stands where it stands: any service of the ranking by what somebody types of its name or its organisation's.

import type { Estimate } from '#evidence/index.ts'
import type { Order } from '../order.ts'
import type { RankedService } from '../recommend.ts'
import { stepsInWords } from './steps.page.ts'
import { pointInWords, typeInWords, type Reader } from './words.page.ts'

/** So many answers at once: more is read by nobody. */
const mostAnswers = 3

export interface Asking {
  readonly services: readonly RankedService[]
  readonly estimates: readonly Estimate[]
  readonly order: Order | null
  readonly typed: string
}

/** Null where nobody asked. Whole names stand before parts of names. */
export function whyAnswers({ services, estimates, order, typed }: Asking, reader: Reader) {
  const wanted = plain(typed)
  if (wanted === '') return null
  const named = services.filter(
    ({ name, organizationName, type }) =>
      plain(name).includes(wanted) ||
      plain(organizationName).includes(wanted) ||
      plain(typeInWords(type, reader)).includes(wanted),
  )
  // The name before the kind, the kind before the organisation; whole names first of all.
  const nearness = ({ name, type }: RankedService) =>
    plain(name) === wanted
      ? 0
      : plain(name).includes(wanted)
        ? 1
        : plain(typeInWords(type, reader)).includes(wanted)
          ? 2
          : 3
  const found = named.toSorted((a, b) => nearness(a) - nearness(b))
  const open = services.filter(({ rank }) => rank !== null).length
  const left = found.length - mostAnswers
  return {
    typed,
    nothing: found.length === 0,
    more: left > 0 ? reader.t('matching.why.many', { count: left }) : null,
    services: found.slice(0, mostAnswers).map((service) => ({
      name: service.name,
      href: `/services/${service.id}`,
      organization: service.organizationName,
      type: typeInWords(service.type, reader),
      where:
        service.rank === null
          ? reader.t(`matching.why.${service.standing}`)
          : reader.t('matching.why.ranked', { rank: service.rank, count: open }),
      steps: stepsInWords(service, { estimates, order, peers: 0 }, reader),
      points: service.points.map((point) => pointInWords(point, reader)),
    })),
  }
}

// messages: matching.why.*

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()
}
