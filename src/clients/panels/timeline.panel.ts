// What happened to a file, told in one line each: the items that a client's page joins with those of other features.

import type { Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { eventsOf, type ClientEvent } from '../client-history.store.ts'
import { fieldsOf, type Client } from '../client.ts'
import type { Surroundings } from '../surroundings.scene.ts'

/** One line of a client's timeline; features give theirs, the client's page puts them in order. */
export interface TimelineItem {
  readonly at: Date
  readonly text: string
  /** Who did it, as people know them; null when nobody in particular. */
  readonly by: string | null
  readonly href: string | null
}

/** What the whole page of a client shares: each is asked once and handed to every panel. */
export interface KnownOfFile {
  /** The ids of the file and of those merged into it (`idsOfFile`). */
  readonly ids: readonly ClientId[]
  readonly surroundings: Surroundings
}

// messages: clients.event.*
// messages: clients.field.*

/** The file's own history, the latest first. */
export async function timelineOf(
  scene: Scene,
  client: Client,
  { ids, surroundings }: KnownOfFile,
): Promise<readonly TimelineItem[]> {
  const events = await eventsOf(scene.db, ids)
  return events.map((event) => ({
    at: event.happenedAt,
    text: wordsFor(scene, event, surroundings),
    by: event.actorId ? surroundings.staffName(event.actorId) : null,
    href: pageOf(event, client),
  }))
}

function wordsFor(scene: Scene, { kind, facts }: ClientEvent, surroundings: Surroundings): string {
  const text = (name: string) => (typeof facts[name] === 'string' ? facts[name] : '')
  switch (kind) {
    case 'changed':
      return scene.t('clients.event.changed', { fields: fieldNames(scene, fieldsOf(facts['changes'] ?? {})) })
    case 'closed':
      return scene.t('clients.event.closed', { reason: scene.t(`clients.closing.${text('reason') || 'other'}`) })
    case 'merged':
    case 'unmerged':
      return scene.t(`clients.event.${kind}`, { reference: text('other') })
    case 'reassigned': {
      const adviser = surroundings.advisers.find(({ id }) => id === facts['adviser'])
      return scene.t('clients.event.reassigned', { name: adviser?.name ?? scene.t('clients.nobody') })
    }
    case 'restricted':
      return scene.t(`clients.event.${facts['named'] === null ? 'unrestricted' : 'restricted'}`)
    case 'consent_given':
    case 'consent_withdrawn':
      return scene.t(`clients.event.${kind}`, { purpose: scene.t(`clients.purpose.${text('purpose')}`) })
    case 'registered':
    case 'reopened':
    case 'note_added':
    case 'note_corrected':
    case 'disclosed':
      return scene.t(`clients.event.${kind}`)
  }
}

function fieldNames(scene: Scene, fields: readonly string[]): string {
  return fields.map((field) => scene.t(`clients.field.${field}`)).join(', ')
}

function pageOf({ kind }: ClientEvent, client: Client): string | null {
  switch (kind) {
    case 'note_added':
    case 'note_corrected':
      return `/clients/${client.id}/notes`
    case 'consent_given':
    case 'consent_withdrawn':
      return `/clients/${client.id}/consent`
    case 'merged':
      return `/clients/${client.id}/merge`
    default:
      return null
  }
}
