// Drift as it is kept, read again. Written by this part alone: what cannot be read is thrown.

import { z } from 'zod'
import { calibrationKinds, calibrationVerdicts } from './calibration.ts'
import { driftLevels, type DriftReport } from './drift.ts'
import type { LearnedInputs } from './learned-inputs.ts'

const level = z.enum(driftLevels)
const number = z.number()

const inputsShape = z.object({
  rows: number,
  isYesNo: z.boolean(),
  inputs: z.array(
    z.object({
      name: z.string(),
      edges: z.array(number).nullable(),
      levels: z.array(z.string()).nullable(),
      shares: z.array(number),
    }),
  ),
  arms: z.array(
    z.object({ arm: z.string(), share: number, known: number, mean: number.nullable(), deviation: number.nullable() }),
  ),
})

const reportShape = z.object({
  rows: number,
  level: level.nullable(),
  inputs: z.array(z.object({ name: z.string(), index: number, level })),
  services: z
    .object({
      index: number,
      level,
      shares: z.array(z.object({ arm: z.string(), then: number, now: number.nullable() })),
    })
    .nullable(),
  outcomes: z.array(z.object({ arm: z.string(), known: number, then: number, now: number, se: number, level })),
  calibration: z
    .object({
      looks: number,
      verdict: z.enum(calibrationVerdicts),
      figures: z.array(
        z.object({
          of: z.enum(calibrationKinds),
          arm: z.string().nullable(),
          ...{ known: number, told: number, found: number, low: number, high: number },
          verdict: z.enum(calibrationVerdicts),
        }),
      ),
    })
    .nullable()
    // Looks of before did not look at it.
    .default(null),
})

export function readLearnedInputs(json: unknown): LearnedInputs {
  return inputsShape.parse(json)
}

export function readDriftReport(json: unknown): DriftReport {
  return reportShape.parse(json)
}
