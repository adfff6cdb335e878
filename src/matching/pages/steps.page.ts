// How one service came to stand where it stands: what it asks, what is known of its help, and how it was placed.

import { ruleInWords, speechOf, unmetInWords } from '#directory/index.ts'
import type { Estimate } from '#evidence/index.ts'
import type { EvidenceStep, Finding } from '../evidence-step.ts'
import type { Order } from '../order.ts'
import type { RankedService } from '../recommend.ts'
import { estimateSentence, hundredths } from '../sentence.ts'
import { gainInWords, intervalInWords, openWords, unmetWords, type Reader } from './words.page.ts'

// messages: matching.step.answer_*
// messages: matching.step.none_*

export interface ShownSteps {
  /** The directory's own words where it asks nothing. */
  readonly requirements: readonly { readonly mark: string; readonly tone: string; readonly words: string }[]
  readonly evidence: readonly string[]
  /** Of imported studies: their source is nobody's message. */
  readonly studies: readonly { readonly words: string; readonly source: string }[]
  readonly placed: string | null
  /** What would have to change, where a rule is not met. */
  readonly change: string | null
}

const tones = { meets: 'wp-for', does_not_meet: 'wp-against', not_known: 'wp-quiet' } as const

/** Every step of one service in the reader's words. `peers`: how many stand in its tier. */
export function stepsInWords(
  service: RankedService,
  { estimates, order, peers }: { estimates: readonly Estimate[]; order: Order | null; peers: number },
  reader: Reader,
): ShownSteps {
  const speech = speechOf(reader)
  return {
    requirements: service.requirements.map(({ rule, answer, why, facts }) => ({
      mark: reader.t(`matching.step.answer_${answer}`),
      tone: tones[answer],
      words:
        answer === 'does_not_meet' && why
          ? unmetInWords(why, speech)
          : answer === 'not_known'
            ? `${ruleInWords(rule, speech)} ${openWords(facts, reader)}`
            : ruleInWords(rule, speech),
    })),
    evidence: evidenceInWords(service, estimates, reader),
    studies: service.evidence.studies.map((study) => studyInWords(study, reader)),
    placed: placedInWords(service, { order, peers }, reader),
    change: unmetWords(service.unmet, reader).change,
  }
}

/** What is known of the help of this one, the provider's own results told apart. */
function evidenceInWords({ evidence, type }: RankedService, estimates: readonly Estimate[], reader: Reader): string[] {
  const estimate = estimates.find((each) => each.type === type)
  if (evidence.source === 'none' || !estimate) {
    return [reader.t(`matching.step.none_${evidence.why ?? 'too_few'}`)]
  }
  const { key, values } = estimateSentence(estimate)
  return [reader.t(key, values), ...providerInWords(evidence, reader)]
}

function providerInWords({ provider, gain, low, high }: EvidenceStep, reader: Reader): string[] {
  if (!provider || gain === null || low === null || high === null) return []
  const people = hundredths(provider.difference)
  return [
    reader.t('matching.step.provider', {
      direction: people === 0 ? 'same' : people > 0 ? 'more' : 'fewer',
      count: Math.abs(people),
      clients: provider.clients,
      together: gainInWords(gain, reader),
      between: intervalInWords({ low, high }, reader),
    }),
  ]
}

function studyInWords({ gain, low, high, source, year, population }: Finding, reader: Reader) {
  const words = reader.t('matching.step.study', {
    gain: gainInWords(gain, reader),
    between: intervalInWords({ low, high }, reader),
    year: year ?? 0,
  })
  return { words, source: [source, population].filter((part) => part !== null).join('; ') }
}

function placedInWords(
  { rank, chance }: RankedService,
  { order, peers }: { readonly order: Order | null; readonly peers: number },
  { t }: Reader,
): string | null {
  if (rank === null || order === null || peers < 2) return null
  if (chance === null) return t('matching.step.placed_stable', { count: peers - 1 })
  return t('matching.step.placed_lottery', { count: peers - 1, one: chance === 0 ? 0 : Math.round(1 / chance) })
}
