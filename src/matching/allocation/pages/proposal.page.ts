// A proposal: who would have which place, the way to send by hand, and what became of each since.

import type { Client } from '#clients/index.ts'
import type { Scene } from '#platform/http/index.ts'
import type { ClientId, RecommendationId, ServiceId } from '#platform/ids.ts'
import type { Got } from '../allocation-json.ts'
import type { Proposal } from '../allocations.store.ts'
import type { Became } from '../suitors.store.ts'

// messages: referrals.state.*
// messages: matching.allocation.rule.*

interface Item {
  readonly clientId: ClientId
  readonly recommendationId: RecommendationId
  readonly client: Client
  readonly name: string
  readonly isOwn: boolean
  readonly serviceId: ServiceId
  readonly waitingDays: number
  readonly given: Got
}

interface Shown {
  readonly proposal: Proposal
  readonly items: readonly Item[]
  /** A manager sees colleagues' clients too. */
  readonly seesAll: boolean
  readonly madeBy: string
  readonly staff: ReadonlyMap<string, string>
  readonly services: ReadonlyMap<ServiceId, { readonly name: string; readonly organizationName: string }>
  readonly became: readonly Became[]
}

export function proposalPage(scene: Scene, shown: Shown) {
  const { proposal, items } = shown
  const rows = items.map((item) => rowOf(scene, shown, item))
  const open = rows.filter(({ isOpen }) => isOpen).length
  return {
    title: scene.t('matching.allocation.proposal_title'),
    name: proposal.name,
    compareHref: shown.seesAll ? `/insights/allocation/${proposal.allocationId}` : null,
    rule: scene.t(`matching.allocation.rule.${proposal.rule}`),
    made: scene.t('matching.allocation.made', { name: shown.madeBy, moment: scene.moment(proposal.madeAt) }),
    sentence:
      rows.length === 0
        ? scene.t('matching.allocation.proposal_nobody')
        : scene.t('matching.allocation.proposal_sentence', { all: rows.length, open }),
    groups: [...Map.groupBy(rows, ({ serviceId }) => serviceId).values()].map((here) => ({
      service: shown.services.get(here[0]!.serviceId)?.name ?? '',
      organization: shown.services.get(here[0]!.serviceId)?.organizationName ?? '',
      href: `/services/${here[0]!.serviceId}`,
      id: here[0]!.serviceId,
      rows: here,
    })),
  }
}

function rowOf(scene: Scene, { became, staff, proposal }: Shown, item: Item) {
  const { client, clientId, serviceId, given, isOwn, name, waitingDays, recommendationId } = item
  const since = became.filter((each) => each.clientId === clientId || each.clientId === client.id)
  const sent = since.findLast((each) => each.serviceId === serviceId)
  const other = since.at(-1)
  const isOpen = !sent && !other && client.status === 'open'
  const send = new URLSearchParams({ service: serviceId, recommendation: recommendationId })
  return {
    ...{ serviceId, name, isOpen },
    href: `/clients/${client.id}`,
    adviser: client.adviserId === null ? null : (staff.get(client.adviserId) ?? null),
    waited: scene.t('matching.allocation.waited', { days: waitingDays }),
    way: given.minutes === null ? null : scene.t('matching.allocation.minutes', { minutes: given.minutes }),
    gain:
      given.gain === null ? null : scene.t('matching.allocation.gain', { people: Math.round(given.gain * 100) || 0 }),
    chance:
      proposal.rule === 'lottery' && given.chance !== null
        ? scene.t('matching.allocation.chance', { share: Math.round(given.chance * 100) })
        : null,
    became: sent
      ? { text: scene.t(`referrals.state.${sent.state}`), href: `/referrals/${sent.referralId}` }
      : other
        ? { text: scene.t('matching.allocation.went_elsewhere'), href: `/referrals/${other.referralId}` }
        : client.status === 'open'
          ? null
          : { text: scene.t('matching.allocation.file_closed'), href: `/clients/${client.id}` },
    sendHref: isOpen && isOwn ? `/clients/${client.id}/referrals/new?${send.toString()}` : null,
  }
}
