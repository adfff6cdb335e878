// The clients' room: mine, lately opened, and anyone of the network.

import type { Scene } from '#platform/http/index.ts'
import type { ClientPage } from '../client-search.store.ts'
import { fullName, type Client } from '../client.ts'
import type { Surroundings } from '../surroundings.scene.ts'

export interface ListQuery {
  readonly q: string
  readonly site: string
  readonly adviser: string
  readonly status: string
  readonly page: number
}

interface Listing {
  readonly query: ListQuery
  readonly found: ClientPage
  readonly recent: readonly Client[]
  readonly surroundings: Surroundings
}

// messages: clients.status.*
// messages: clients.list.caption_*

export function listPage(scene: Scene, { query, found, recent, surroundings }: Listing) {
  const { q, site, adviser, status, page } = query
  const option = (chosen: string) => (value: string, text: string) => ({ value, text, selected: value === chosen })
  const [siteOption, adviserOption, statusOption] = [option(site), option(adviser), option(status)]
  const pageHref = (number: number) =>
    `/clients?${new URLSearchParams({ q, site, adviser, status, page: String(number) })}`
  return {
    title: scene.t('clients.list.title'),
    q,
    caption: scene.t(`clients.list.caption_${q !== '' ? 'found' : adviser === 'me' ? 'mine' : 'all'}`),
    isSearch: q !== '',
    isMine: adviser === 'me',
    rows: found.clients.map((client) => clientRow(scene, client, surroundings)),
    recent: recent.map((client) => ({
      href: `/clients/${client.id}`,
      name: fullName(client),
      reference: client.reference,
    })),
    statuses: [
      statusOption('any', scene.t('clients.list.any_status')),
      statusOption('open', scene.t('clients.status.open')),
      statusOption('closed', scene.t('clients.status.closed')),
    ],
    sites: [
      siteOption('', scene.t('clients.list.any_site')),
      ...surroundings.sites.map(({ id, name }) => siteOption(id, name)),
    ],
    advisers: [
      adviserOption('me', scene.t('clients.list.me')),
      adviserOption('', scene.t('clients.list.any_adviser')),
      ...surroundings.advisers.filter(({ id }) => id !== scene.actor.id).map(({ id, name }) => adviserOption(id, name)),
    ],
    previous: page > 1 ? pageHref(page - 1) : null,
    next: found.hasMore ? pageHref(page + 1) : null,
    page,
  }
}

/** One client in a table. */
export function clientRow(scene: Pick<Scene, 't' | 'day'>, client: Client, surroundings: Surroundings) {
  return {
    href: `/clients/${client.id}`,
    name: fullName(client),
    reference: client.reference,
    born: client.birthDate ? scene.day(client.birthDate) : null,
    site: surroundings.siteName(client.siteId),
    adviser: surroundings.staffName(client.adviserId),
    status: scene.t(`clients.status.${client.status}`),
    isClosed: client.status === 'closed',
    isRestricted: client.restrictedTo !== null,
  }
}
