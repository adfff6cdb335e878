// Which service may teach which skill, by the words of both. It is a hint to look there, and says by which words it was found.

import type { ServiceType, TeachingService } from '#directory/index.ts'
import type { SkillKind } from '#occupations/index.ts'

export interface Gap {
  readonly id: string
  readonly name: string
  readonly kind: SkillKind
}

export interface MayTeach {
  readonly service: TeachingService
  /** The words of the skill that the service names too; none: it is found by its type alone. */
  readonly words: readonly string[]
}

/** Words that stand in the names of skills of every kind. */
const emptyWords = new Set(
  `able about advise and apply are ask assist basic between both carry check deal different do ensure everyday find follow for
  from get give good handle have help how keep know knowledge lead learn make maintain manage needs new of on other others out
  people perform plan prepare principles provide put right rules run safely say see set skills small some stay support take team tell
  the their things time to types understand up use using well what when with within without work working write`.split(
    /\s+/,
  ),
)

const mostServices = 3

/** Skills of these kinds are taught by services of a type of their own, whatever words they use. A language is not: a course in
 *  one teaches no other. */
const typeOfKind: Readonly<Partial<Record<SkillKind, ServiceType>>> = { digital: 'digital_skills' }

/** The types whose services may teach these, by their kind. */
export function typesThatTeach(gaps: readonly Gap[]): readonly ServiceType[] {
  return [...new Set(gaps.flatMap(({ kind }) => typeOfKind[kind] ?? []))]
}

/** Folds a text into words; given by occupations, so that skills are compared as occupations are found. */
type Fold = (text: string) => readonly string[]

/** The words of a skill's name that say something, as stems: `food hygiene` gives food, hygiene. */
export function tellingStems(name: string, fold: Fold): readonly string[] {
  const words = fold(name).filter((word) => word.length > 2 && !emptyWords.has(word))
  return [...new Set(words.map(stemOf))]
}

/** For each gap the services that name enough of what it says, those that name most of it first. A word in the service's own
 *  name tells more than one in its description (health, in "for people with a health condition"), and counts twice. Where
 *  none does, those of the type that teaches this kind of skill. */
export function whoMayTeach(
  gaps: readonly Gap[],
  services: readonly TeachingService[],
  fold: Fold,
): ReadonlyMap<string, readonly MayTeach[]> {
  const read = services.map((service) => ({
    service,
    words: new Map(fold(service.text).map((word) => [stemOf(word), word] as const)),
    named: new Set(fold(service.name).map(stemOf)),
  }))
  return new Map(
    gaps.map((gap) => {
      const stems = tellingStems(gap.name, fold)
      const needed = pointsNeeded(stems.length)
      const found = read
        .map(({ service, words, named }) => {
          const there = stems.filter((stem) => words.has(stem))
          const points = there.length + there.filter((stem) => named.has(stem)).length
          return { service, points, words: there.flatMap((stem) => words.get(stem) ?? []) }
        })
        .filter(({ points }) => points > 0 && points >= needed)
        .toSorted((a, b) => b.points - a.points)
        .map(({ service, words }) => ({ service, words }))
      const ofType = services.filter(({ serviceType }) => serviceType === typeOfKind[gap.kind])
      const shown = found.length > 0 ? found : ofType.map((service) => ({ service, words: [] }))
      return [gap.id, shown.slice(0, mostServices)]
    }),
  )
}

/** Two words must both be there; of more, the larger part. */
function pointsNeeded(words: number): number {
  return words <= 2 ? words : Math.ceil(words * 0.6)
}

/** English endings are left out where enough of the word stays: welding, welder and weld are one. */
function stemOf(word: string): string {
  const stem = word.replace(/(?:ings?|ers?|ed|es|s)$/, '')
  return stem.length >= 4 ? stem : word
}
