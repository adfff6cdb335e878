// What one measured cell leaves behind: a line of JSON in a log, from which a long run is taken up again and tables are
// printed.

import fs from 'node:fs'
import { z } from 'zod'

const figure = z.number().nullable()

/** What makes two runs the same cell. */
const cellShape = z.object({
  method: z.enum(['engine', 'linear']),
  /** `folder`: by the simulator of a folder; `own`: by the one beside this file. */
  generator: z.enum(['folder', 'own']),
  shape: z.string(),
  n: z.number(),
  seed: z.number(),
  outcome: z.string(),
  /** Share of blanked answers; null: the generator's usual. */
  missing: figure,
  protected: z.array(z.string()),
  ates: z.string(),
  /** Further words given to `learn`. */
  more: z.string(),
})

const armShape = z.object({
  arm: z.string(),
  average: z.number(),
  averagePredicted: z.number(),
  rmse: z.number(),
  spread: z.number(),
  coverage: figure,
  width: figure,
  intervalScore: figure,
  supported: figure,
  claimed: figure,
})

const runShape = z.object({
  cell: cellShape,
  at: z.string(),
  /** The commit that was measured, where git can say. */
  commit: z.string().nullable(),
  problem: z.string().nullable(),
  judged: z
    .object({
      arms: z.array(armShape),
      gain: z.number(),
      gainSingle: z.number(),
      gainTree: figure,
      rmse: z.number(),
    })
    .nullable(),
  usedForRanking: z.boolean().nullable(),
  /** CPU seconds of a fixed loop in the same run. */
  loopSeconds: z.number(),
  learnCpuSeconds: figure,
  learnPeakMiB: figure,
  predictCpuSeconds: figure,
  predictPeakMiB: figure,
})

export type Cell = z.output<typeof cellShape>
export type Run = z.output<typeof runShape>

/** A text that is equal exactly for equal cells. */
export function cellKey(cell: Cell): string {
  return JSON.stringify(cellShape.parse(cell))
}

/** Runs in a log, the latest of each cell; a line cut short by a stop is left out. */
export function readRuns(file: string): Run[] {
  if (!fs.existsSync(file)) return []
  const latest = new Map<string, Run>()
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    const run = runShape.safeParse(parsedLine(line))
    if (run.success) latest.set(cellKey(run.data.cell), run.data)
  }
  return [...latest.values()]
}

export function appendRun(file: string, run: Run): void {
  fs.appendFileSync(file, JSON.stringify(run) + '\n')
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
