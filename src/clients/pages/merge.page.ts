// Merging two files that prove to be one: find the other, look at both, decide which goes on.

import { noProblems, type FieldProblem, type Scene } from '#platform/http/index.ts'
import { nameOfLanguage } from '#platform/languages.ts'
import type { Merge } from '../client-access.store.ts'
import { fullName, type Client } from '../client.ts'
import { compare, isLikelyTheSame } from '../duplicate.ts'
import type { Surroundings } from '../surroundings.scene.ts'
import { fileHead } from './file.page.ts'
import { clientRow } from './list.page.ts'

interface Finding {
  readonly q: string
  readonly found: readonly Client[]
  readonly merges: readonly Merge[]
  readonly absorbed: readonly Client[]
  readonly surroundings: Surroundings
}

/** Likely files to begin with, or what was searched for; and the files merged into this one. */
export function mergePage(scene: Scene, client: Client, { q, found, merges, absorbed, surroundings }: Finding) {
  return {
    title: scene.t('clients.merge.title'),
    head: fileHead(client),
    action: `/clients/${client.id}/merge`,
    q,
    isSearch: q !== '',
    rows: found.map((other) => ({
      ...clientRow(scene, other, surroundings),
      href: `/clients/${client.id}/merge/${other.id}`,
      isLikely: isLikelyTheSame(compare(client, other)),
    })),
    merges: merges.flatMap((merge) => {
      const other = absorbed.find(({ id }) => id === merge.absorbedId)
      const action = `/clients/${client.id}/merges/${merge.id}/undo`
      return other
        ? [{ name: fullName(other), reference: other.reference, when: scene.moment(merge.mergedAt), action }]
        : []
    }),
  }
}

interface Comparing {
  readonly other: Client
  readonly surroundings: Surroundings
  readonly problems?: readonly FieldProblem[]
}

export function confirmMergePage(scene: Scene, client: Client, { other, surroundings, problems = [] }: Comparing) {
  const [left, right] = [factsOf(scene, client, surroundings), factsOf(scene, other, surroundings)]
  return {
    title: scene.t('clients.merge.confirm_title'),
    head: fileHead(client),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    action: `/clients/${client.id}/merge/${other.id}`,
    references: [client.reference, other.reference],
    rows: left.map(({ field, value }, i) => ({
      field,
      values: [value, right[i]?.value ?? ''],
      differs: value !== '' && right[i]?.value !== '' && value !== right[i]?.value,
    })),
    survivors: [client, other].map((file, i) => ({
      value: file.id,
      text: scene.t('clients.merge.goes_on', { name: fullName(file), reference: file.reference }),
      checked: i === 0,
    })),
  }
}

function factsOf(scene: Scene, client: Client, surroundings: Surroundings) {
  const fact = (field: string, value: string | null) => ({ field, value: value ?? '' })
  return [
    fact(scene.t('clients.field.name'), fullName(client)),
    fact(scene.t('clients.field.birthDate'), client.birthDate && scene.day(client.birthDate)),
    fact(scene.t('clients.field.phones'), client.phones.join(', ')),
    fact(scene.t('clients.field.email'), client.email),
    fact(scene.t('clients.field.address'), client.address),
    fact(
      scene.t('clients.field.language'),
      client.language && scene.words.formatted(nameOfLanguage(client.language, scene.locale)),
    ),
    fact(scene.t('clients.field.siteId'), surroundings.siteName(client.siteId)),
    fact(scene.t('clients.field.adviserId'), surroundings.staffName(client.adviserId)),
    fact(scene.t('clients.merge.registered'), scene.moment(client.createdAt)),
  ]
}
