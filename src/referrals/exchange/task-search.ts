// What a list of Tasks is asked for, and the page of it as a FHIR Bundle in a stable order.

import type { Bundle, Resource } from '@medplum/fhirtypes'
import { ok, refused, type Result } from '#platform/result.ts'
import { parseId } from '#platform/ids.ts'
import { taskStatusOf } from '../fhir-status.ts'
import { ends, openStates, type ReferralState } from '../referral.ts'
import { basePath } from './codes.ts'
import type { Issue } from './outcome.ts'

type Query = Readonly<Record<string, readonly string[]>>

export interface TaskSearch {
  /** owner: what was sent to this organisation; requester: whom it sent to us. */
  readonly as: 'owner' | 'requester'
  /** Codes of FHIR's task-status; null for all. */
  readonly statuses: readonly string[] | null
  readonly since: Date | null
  readonly until: Date | null
  readonly after: { readonly at: Date; readonly id: string } | null
  readonly count: number
}

const usualCount = 50
const mostCount = 100

/** Reads the parameters; those of FHIR that are not known here are passed over, as its search does by default. */
export function readSearch(query: Query, organizationId: string): Result<TaskSearch, readonly [Issue, ...Issue[]]> {
  const named = [...(query['owner'] ?? []), ...(query['requester'] ?? [])]
  if (named.some((name) => name !== organizationId && name !== `Organization/${organizationId}`))
    return wrong('owner', 'Only the Tasks of your own organisation can be asked for.')
  const said = (query['status'] ?? []).flatMap((list) => list.split(','))
  let since: Date | null = null
  let until: Date | null = null
  for (const text of query['_lastUpdated'] ?? []) {
    const [, prefix = '', moment = ''] =
      /^(ge|gt|le|lt)?(\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?)$/.exec(text) ?? []
    const at = new Date(moment)
    if (moment === '' || isNaN(at.getTime()))
      return wrong('_lastUpdated', 'Say ge or le and a day, or a moment with its offset.')
    if (prefix === 'le' || prefix === 'lt') until = prefix === 'lt' ? new Date(at.getTime() - 1) : at
    else since = prefix === 'gt' ? new Date(at.getTime() + 1) : at
  }
  const count = Number(query['_count']?.[0] ?? usualCount)
  if (!Number.isInteger(count) || count < 1) return wrong('_count', `A number from 1 to ${mostCount} is expected.`)
  const cursor = query['_cursor']?.[0]
  const after = cursor === undefined ? null : readCursor(cursor)
  if (cursor !== undefined && after === null) return wrong('_cursor', 'This is no cursor that was given here.')
  return ok({
    as: query['requester'] === undefined ? 'owner' : 'requester',
    statuses: said.length === 0 ? null : said,
    since,
    until,
    after,
    count: Math.min(count, mostCount),
  })
}

/** The states that a list of Task statuses asks for. */
export function statesOf(statuses: readonly string[]): readonly ReferralState[] {
  return [...openStates, ...ends].filter((state) => statuses.includes(taskStatusOf(state).status))
}

/** One page. `found` holds one more than the page where there is more, so that the link to the next is never to nothing. */
export function searchset(
  found: readonly { readonly resource: Resource; readonly at: Date; readonly id: string }[],
  { base, query, count }: { readonly base: string; readonly query: Query; readonly count: number },
): Bundle {
  const shown = found.slice(0, count)
  const last = found.length > count ? shown.at(-1) : undefined
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link: [
      { relation: 'self', url: addressOf(base, query, null) },
      ...(last ? [{ relation: 'next', url: addressOf(base, query, cursorOf(last)) }] : []),
    ],
    entry: shown.map(({ resource, id }) => ({
      fullUrl: `${base}${basePath}/${resource.resourceType}/${id}`,
      resource,
      search: { mode: 'match' },
    })),
  }
}

function addressOf(base: string, query: Query, cursor: string | null): string {
  const parameters = Object.entries(query).flatMap(([name, values]) =>
    name === '_cursor' && cursor !== null ? [] : values.map((value) => [name, value]),
  )
  if (cursor !== null) parameters.push(['_cursor', cursor])
  const text = new URLSearchParams(parameters).toString()
  return `${base}${basePath}/Task${text === '' ? '' : `?${text}`}`
}

/** Base 36 of the milliseconds, and the id: no secret, only a place in the order. */
function cursorOf({ at, id }: { readonly at: Date; readonly id: string }): string {
  return `${at.getTime().toString(36)}-${id}`
}

function readCursor(text: string): TaskSearch['after'] {
  const [, time = '', said = ''] = /^([0-9a-z]{1,10})-([0-9a-f-]{36})$/.exec(text) ?? []
  const at = new Date(parseInt(time, 36))
  const id = parseId<'task'>(said)
  return id === null || isNaN(at.getTime()) ? null : { at, id }
}

function wrong(at: string, says: string) {
  return refused([{ code: 'value', at, says }] as const)
}
