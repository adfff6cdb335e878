// Whom to refer to a service: own recent clients, or those who were found.

import { fullName, type Client } from '#clients/index.ts'
import type { Service } from '#directory/index.ts'
import { noProblems, type PageModel, type Scene } from '#platform/http/index.ts'

export interface WhomPageOptions {
  readonly service: Service
  readonly recent: readonly Client[]
  readonly q: string
  /** Null: nobody was searched for. */
  readonly found: readonly Client[] | null
}

export function whomPage(scene: Scene, { service, recent, q, found }: WhomPageOptions): PageModel {
  const open = (clients: readonly Client[]) =>
    clients
      .filter(({ status }) => status === 'open')
      .map((client) => ({
        name: fullName(client),
        reference: client.reference,
        href: `/clients/${client.id}/referrals/new?service=${service.id}`,
      }))
  return {
    title: scene.t('referrals.new.whom.title'),
    serviceName: service.name,
    back: `/services/${service.id}`,
    action: `/services/${service.id}/refer`,
    q,
    recent: found === null ? open(recent) : null,
    found: found && open(found),
    problems: noProblems,
  }
}
