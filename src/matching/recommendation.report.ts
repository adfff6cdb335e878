// A recommendation for a terminal: a document for machines, lines for people.

import type { ArmAverage } from '#evidence/index.ts'
import type { MadeRecommendation } from './recommend-client.run.ts'
import type { RankedService } from './recommend.ts'
import {
  intervalInWords,
  noEstimateInWords,
  openWords,
  pointInWords,
  sentenceInWords,
  typeInWords,
  unmetWords,
  type Reader,
} from './pages/words.page.ts'

/** What `recommend --client` answers. */
export function reportRecommendation(
  { modelId, rankedBy, averages, estimates, unsupported, services }: MadeRecommendation,
  reader: Reader,
): { document: object; lines: readonly string[] } {
  const sentences = new Map([
    ...estimates.map((estimate) => [estimate.type, sentenceInWords(estimate, reader)] as const),
    ...unsupported.map((type) => [type, noEstimateInWords(type, { unsupported }, reader)] as const),
  ])
  const lines = services.flatMap((service) => linesOf(service, sentences.get(service.type ?? '') ?? null, reader))
  const first =
    rankedBy === 'model' ? [] : [reader.t(`matching.page.by_${rankedBy}`), ...averages.map(averageLine(reader))]
  return {
    document: { model: modelId, rankedBy, averages, estimates, unsupported, services },
    lines: [...first, ...lines],
  }
}

// messages: matching.page.by_*

const averageLine = (reader: Reader) => (average: ArmAverage) =>
  `${typeInWords(average.type, reader)}: ${intervalInWords(average, reader)}`

function linesOf(service: RankedService, sentence: string | null, reader: Reader): string[] {
  const { rank, name, organizationName, type, points, unmet, open } = service
  const said = (['for', 'against', 'unknown'] as const).flatMap((side) => {
    const words = points.filter((point) => point.side === side).map((point) => pointInWords(point, reader))
    return words.length > 0 ? [`${side === 'unknown' ? 'not known' : side}: ${words.join('; ')}`] : []
  })
  const below = [
    ...(sentence !== null && rank !== null ? [sentence] : []),
    ...unmetWords(unmet, reader).reasons,
    ...(open.length > 0 ? [openWords(open, reader)] : []),
    ...said,
  ]
  const head = `${rank === null ? '-' : `${rank}.`} ${name} (${organizationName}; ${typeInWords(type, reader)})`
  return [head, ...below.map((line) => `   ${line}`)]
}
