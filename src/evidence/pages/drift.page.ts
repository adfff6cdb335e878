// What has changed since a model was learned.

import type { DriftLevel } from '../life/drift.ts'
import type { KeptDrift } from '../life/drift.store.ts'
import { fewestRows } from '../life/drift.ts'
import type { Card } from '../engine/card.ts'
import { numeric, type Section } from './section.page.ts'
import {
  armInWords,
  countInWords,
  featureInWords,
  plainInWords,
  shareInWords,
  valueInWords,
  type Reader,
} from './words.page.ts'

// messages: evidence.drift.*

/** A tag for the list, null where there is nothing to warn of. */
export function driftWarning(drift: KeptDrift | undefined, { t }: Reader): string | null {
  const level = drift?.report.level
  return level === 'moving' || level === 'moved' ? t(`evidence.drift.tag_${level}`) : null
}

export function driftSections(
  drift: KeptDrift | undefined,
  { outcome }: Pick<Card, 'outcome'>,
  reader: Reader,
): readonly Section[] {
  const { t } = reader
  const heading = t('evidence.drift.heading')
  const bare = { figures: [], table: null, meaning: null }
  if (!drift) return [{ id: 'drift', heading, sentence: t('evidence.drift.never'), ...bare }]
  const { report, lookedAt } = drift
  const looked = t('evidence.drift.looked', { moment: reader.moment(lookedAt), rows: report.rows })
  if (report.level === null) {
    const sentence = t('evidence.drift.too_few', { rows: report.rows, least: fewestRows })
    return [{ id: 'drift', heading, sentence, ...bare, meaning: looked }]
  }
  const level = (of: DriftLevel) => ({ text: t(`evidence.drift.level_${of}`) })
  const kind = outcome.kind
  return [
    {
      ...{ id: 'drift', heading, figures: [] },
      sentence: t(`evidence.drift.sentence_${report.level}`),
      meaning: `${looked} ${t('evidence.drift.meaning')}`,
      table: {
        heads: [
          { text: t('evidence.features.feature') },
          { text: t('evidence.drift.index'), isNumeric: true },
          { text: t('evidence.drift.said') },
        ],
        rows: report.inputs.map((input) => ({
          head: featureInWords(input.name, reader),
          cells: [numeric(plainInWords(input.index, 3, reader)), level(input.level)],
        })),
      },
    },
    ...(report.services
      ? [
          {
            ...{ id: 'drift-services', heading: t('evidence.drift.services_heading'), figures: [], meaning: null },
            sentence: t(`evidence.drift.services_${report.services.level}`),
            table: {
              heads: [
                { text: t('evidence.service') },
                { text: t('evidence.drift.then'), isNumeric: true },
                { text: t('evidence.drift.now'), isNumeric: true },
              ],
              rows: report.services.shares.map(({ arm, then, now }) => ({
                head: armInWords(arm, reader),
                cells: [
                  numeric(shareInWords(then, reader)),
                  numeric(now === null ? t('evidence.groups.hidden') : shareInWords(now, reader)),
                ],
              })),
            },
          },
        ]
      : []),
    {
      ...{ id: 'drift-outcomes', heading: t('evidence.drift.outcomes_heading'), figures: [] },
      meaning: t('evidence.drift.outcomes_meaning'),
      sentence: t('evidence.drift.outcomes_sentence', {
        all: report.outcomes.length,
        off: report.outcomes.filter((each) => each.level !== 'steady').length,
      }),
      table:
        report.outcomes.length === 0
          ? null
          : {
              heads: [
                { text: t('evidence.service') },
                { text: t('evidence.drift.then'), isNumeric: true },
                { text: t('evidence.drift.now'), isNumeric: true },
                { text: t('evidence.arms.known'), isNumeric: true },
                { text: t('evidence.drift.said') },
              ],
              rows: report.outcomes.map((each) => ({
                head: armInWords(each.arm, reader),
                cells: [
                  ...[numeric(valueInWords(each.then, kind, reader)), numeric(valueInWords(each.now, kind, reader))],
                  ...[numeric(countInWords(each.known, reader)), level(each.level)],
                ],
              })),
            },
    },
  ]
}
