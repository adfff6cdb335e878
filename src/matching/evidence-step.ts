// What the evidence says of one kind of help for one person: the model's estimate, pooled with the provider's own results;
// else that there is too little, with the average of imported studies beside it. Pure.

import type { Estimate, ProviderResult } from '#evidence/index.ts'
import type { HelpKind } from './catalogue.ts'

/** What a study elsewhere found of a type of help: more of one working (0.05: five people of a hundred). */
export interface Finding {
  readonly type: string
  readonly gain: number
  readonly low: number
  readonly high: number
  readonly source: string
  readonly year: number | null
  readonly population: string | null
}

/** `model`: for this person. `model_and_provider`: moved by the provider's own results. `none`: nothing is known of this
 *  person here; `why` says it, and `studies` has what is known from elsewhere. */
export interface EvidenceStep {
  readonly source: 'model' | 'model_and_provider' | 'none'
  /** Null without an estimate. */
  readonly gain: number | null
  readonly low: number | null
  readonly high: number | null
  readonly provider: Pick<ProviderResult, 'clients' | 'difference' | 'low' | 'high'> | null
  readonly why: 'no_support' | 'too_few' | 'not_by_model' | null
  readonly studies: readonly Finding[]
}

export interface Known {
  readonly estimates: readonly Estimate[]
  readonly unsupported: readonly string[]
  readonly isByModel: boolean
  readonly providers: readonly ProviderResult[]
  readonly findings: readonly Finding[]
}

/** The step of each kind. Gains add up, and so do the squares of their doubts: what is not known of the type and what is not
 *  known of the provider are told from different differences. O(kinds + providers). */
export function evidenceOf(kinds: readonly HelpKind[], known: Known): EvidenceStep[] {
  const estimates = new Map(known.estimates.map((estimate) => [estimate.type, estimate]))
  const providers = new Map(known.providers.map((result) => [`${result.type}\n${result.provider}`, result]))
  const findings = Map.groupBy(known.findings, ({ type }) => type)
  const unsupported = new Set(known.unsupported)
  const plain = new Map<string | null, EvidenceStep>()
  return kinds.map(({ type, provider }): EvidenceStep => {
    const estimate = type === null ? undefined : estimates.get(type)
    const result = estimate && providers.size > 0 ? providers.get(`${estimate.type}\n${provider}`) : undefined
    if (estimate && result) return pooledWith(estimate, result)
    const told = plain.get(type)
    if (told) return told
    const step = estimate
      ? fromModel(estimate)
      : without(whyNone(type, known.isByModel, unsupported), (type !== null && findings.get(type)) || [])
    plain.set(type, step)
    return step
  })
}

function fromModel({ gain, low, high }: Estimate): EvidenceStep {
  return { source: 'model', gain, low, high, provider: null, why: null, studies: [] }
}

function pooledWith(estimate: Estimate, { clients, difference, low, high }: ProviderResult): EvidenceStep {
  const gain = estimate.gain + difference
  return {
    source: 'model_and_provider',
    gain,
    low: gain - Math.hypot(estimate.gain - estimate.low, difference - low),
    high: gain + Math.hypot(estimate.high - estimate.gain, high - difference),
    provider: { clients, difference, low, high },
    why: null,
    studies: [],
  }
}

function whyNone(type: string | null, isByModel: boolean, unsupported: ReadonlySet<string>): EvidenceStep['why'] {
  if (!isByModel) return 'not_by_model'
  return type !== null && unsupported.has(type) ? 'no_support' : 'too_few'
}

function without(why: EvidenceStep['why'], studies: readonly Finding[]): EvidenceStep {
  return { source: 'none', gain: null, low: null, high: null, provider: null, why, studies }
}
