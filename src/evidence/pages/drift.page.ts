// What has changed since a model was learned.

import type { Calibration, CalibrationFigure } from '../life/calibration.ts'
import type { DriftLevel, DriftReport } from '../life/drift.ts'
import type { KeptDrift } from '../life/drift.store.ts'
import { fewestRows } from '../life/drift.ts'
import type { Card } from '../engine/card.ts'
import { folded, numeric, type Section } from './section.page.ts'
import {
  armInWords,
  countInWords,
  featureInWords,
  gainInWords,
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

export interface ShownDrift {
  readonly verdict: string
  readonly about: string | null
  readonly sections: readonly Section[]
}

export function driftInWords(
  drift: KeptDrift | undefined,
  { outcome }: Pick<Card, 'outcome'>,
  reader: Reader,
): ShownDrift {
  const { t } = reader
  if (!drift) return { verdict: t('evidence.drift.never'), about: null, sections: [] }
  const { report, lookedAt } = drift
  const about = t('evidence.drift.looked', { moment: reader.moment(lookedAt), rows: report.rows })
  if (report.level === null)
    return { verdict: t('evidence.drift.too_few', { rows: report.rows, least: fewestRows }), about, sections: [] }
  return {
    verdict: t(`evidence.drift.sentence_${report.level}`),
    about,
    sections: sectionsOf(report, outcome.kind, reader),
  }
}

/** Open where something is off. */
function sectionsOf(report: DriftReport, kind: Card['outcome']['kind'], reader: Reader): readonly Section[] {
  const isOff: Readonly<Record<string, boolean>> = {
    'drift-inputs': report.inputs.some(({ level }) => level !== 'steady'),
    'drift-services': report.services !== null && report.services.level !== 'steady',
    'drift-outcomes': report.outcomes.some(({ level }) => level !== 'steady'),
    'drift-calibration': report.calibration?.verdict === 'drifts',
  }
  return allSections(report, kind, reader).map((part) => (isOff[part.id] ? part : folded(part, reader)))
}

function allSections(report: DriftReport, kind: Card['outcome']['kind'], reader: Reader): readonly Section[] {
  const { t } = reader
  const level = (of: DriftLevel) => ({ text: t(`evidence.drift.level_${of}`) })
  return [
    {
      ...{ id: 'drift-inputs', heading: t('evidence.drift.heading'), figures: [] },
      sentence: t('evidence.drift.inputs_sentence', {
        all: report.inputs.length,
        off: report.inputs.filter((each) => each.level !== 'steady').length,
      }),
      meaning: t('evidence.drift.meaning'),
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
    ...(report.calibration ? [calibrationSection(report.calibration, kind, reader)] : []),
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

const drifted = (figures: Calibration['figures']) => figures.filter(({ verdict }) => verdict === 'drifts').length

function calibrationSection(
  { looks, verdict, figures }: Calibration,
  kind: Card['outcome']['kind'],
  reader: Reader,
): Section {
  const { t } = reader
  const shown = ({ of }: CalibrationFigure, value: number) => {
    if (of === 'slope') return plainInWords(value, 2, reader)
    return of === 'effect' ? gainInWords(value, kind, reader) : valueInWords(value, kind, reader)
  }
  return {
    ...{ id: 'drift-calibration', heading: t('evidence.drift.calibration_heading'), figures: [] },
    sentence: t(`evidence.drift.calibration_${verdict}`, { off: drifted(figures), all: figures.length }),
    meaning: t('evidence.drift.calibration_meaning', { looks }),
    table:
      figures.length === 0
        ? null
        : {
            heads: [
              { text: t('evidence.drift.compared') },
              { text: t('evidence.service') },
              { text: t('evidence.drift.told'), isNumeric: true },
              { text: t('evidence.drift.found'), isNumeric: true },
              { text: t('evidence.drift.calibration_interval') },
              { text: t('evidence.arms.known'), isNumeric: true },
              { text: t('evidence.drift.said') },
            ],
            rows: figures.map((figure) => ({
              head: t(`evidence.drift.of_${figure.of}`),
              cells: [
                { text: figure.arm === null ? t('evidence.arm.all') : armInWords(figure.arm, reader) },
                ...[numeric(shown(figure, figure.told)), numeric(shown(figure, figure.found))],
                { text: t('evidence.range', { low: shown(figure, figure.low), high: shown(figure, figure.high) }) },
                numeric(countInWords(figure.known, reader)),
                { text: t(`evidence.drift.verdict_${figure.verdict}`) },
              ],
            })),
          },
  }
}
