// Registering a client: what is needed to begin, and whose files it may already be.

import { noProblems, textOf, textsOf, type FieldProblem, type FormBody, type Scene } from '#platform/http/index.ts'
import { fullName, type Client } from '../client.ts'
import type { Comparison } from '../duplicate.ts'
import type { Surroundings } from '../surroundings.scene.ts'
import { circumstancesFields } from './circumstances.page.ts'

export interface PossibleDuplicate {
  readonly file: Client
  readonly comparison: Comparison
}

interface Registering {
  readonly body: FormBody
  readonly surroundings: Surroundings
  readonly problems?: readonly FieldProblem[]
  /** Files shown before saving; none when nothing is like it. */
  readonly duplicates?: readonly PossibleDuplicate[]
}

// messages: clients.duplicate.name_*
// messages: clients.duplicate.birth_*

export function registerPage(scene: Scene, { body, surroundings, problems = [], duplicates = [] }: Registering) {
  const shown = problems.length > 0 ? scene.problems(problems) : noProblems
  const ownSites = surroundings.sites.filter((site) => scene.actor.siteIds.includes(site.id))
  const sites = ownSites.length > 0 ? ownSites : surroundings.sites
  const chosen = textOf(body, 'siteId') || sites[0]?.id
  return {
    title: scene.t('clients.register.title'),
    problems: shown,
    form: circumstancesFields(scene, body, shown),
    sites: sites.map((site) => ({ value: site.id, text: site.name, selected: site.id === chosen })),
    isOnlySite: sites.length === 1,
    duplicates: duplicates.map((duplicate) => duplicateRow(scene, duplicate, surroundings)),
    shownDuplicates: duplicates.map(({ file }) => file.id),
  }
}

function duplicateRow(scene: Scene, { file, comparison }: PossibleDuplicate, surroundings: Surroundings) {
  const reasons = [
    scene.t(`clients.duplicate.name_${comparison.name}`),
    ...(comparison.birth === 'unknown' ? [] : [scene.t(`clients.duplicate.birth_${comparison.birth}`)]),
    ...(comparison.hasSamePhone ? [scene.t('clients.duplicate.phone_same')] : []),
  ]
  return {
    href: `/clients/${file.id}`,
    name: fullName(file),
    reference: file.reference,
    born: file.birthDate ? scene.day(file.birthDate) : null,
    site: surroundings.siteName(file.siteId),
    adviser: surroundings.staffName(file.adviserId),
    isClosed: file.status === 'closed',
    reasons: reasons.join(', '),
  }
}

/** Whether the adviser has seen all these files and says it is somebody else: a file that is new on the list is shown first. */
export function wasShown(body: FormBody, duplicates: readonly PossibleDuplicate[]): boolean {
  const seen = new Set(textsOf(body, 'shown'))
  return textOf(body, 'anyway') !== '' && duplicates.every(({ file }) => seen.has(file.id))
}
