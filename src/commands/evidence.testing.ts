// The commands of the evidence with a stand-in for the engine: `node src/commands/evidence.testing.ts learn --data …`. It
// compares means, so that what surrounds the engine (files, flags, stopping) is tested without an hour of learning.
// `--trees` says for how many times 20 ms it works.

import { z } from 'zod'
import { aCard } from '#evidence/model-file/card.factory.ts'
import { withPool } from '#compute/index.ts'
import type * as practice from '#compute/practice.tasks.ts'
import { runCommand, type Command, type CommandEntry } from './command.ts'
import { explainCommand } from './explain.command.ts'
import { fileOptions, learnFromFile, type LearnEvidence } from './learn-from-file.ts'
import { predictFile, predictOptions, type OpenPredictor } from './predict-file.ts'

const learnMeans: LearnEvidence = async (table, { seed, threads, trees = 1, signal, onProgress }) => {
  await withPool({ threads, signal }, (pool) =>
    pool.run<typeof practice.waitFor>({
      ...{ module: 'practice', name: 'waitFor', shared: null, tasks: Array.from({ length: trees }, () => 20) },
      onProgress: ({ done, of }) => onProgress(done, of),
    }),
  )
  const { arms, arm, outcome, rows } = table
  const sums = new Float64Array(arms.length)
  const counts = new Float64Array(arms.length)
  for (let i = 0; i < rows; i++) {
    sums[arm[i]!]! += outcome.values[i]!
    counts[arm[i]!]!++
  }
  const means = sums.map((sum, k) => sum / counts[k]!)
  const averages = arms.slice(1).map((name, k) => {
    const estimate = means[k + 1]! - means[0]!
    return { arm: name, estimate, se: 0.01, low: estimate - 0.02, high: estimate + 0.02 }
  })
  const usual = aCard()
  const card = aCard({
    ...{ seed, treatment: table.treatment, control: arms[0]!, averages, treated: averages },
    outcome: { name: outcome.name, kind: outcome.kind },
    data: { ...usual.data, rows, refused: 0 },
    arms: arms.map((name, k) => ({ ...usual.arms[0]!, arm: name, rows: counts[k]! })),
    features: table.features.map(({ name, kind, levels, isProtected }) => {
      return { name, kind, levels: [...levels], isProtected, missingShare: 0 }
    }),
  })
  return { model: { kind: 'means', means }, card }
}

const meansShape = z.object({ kind: z.literal('means'), means: z.instanceof(Float64Array) })

const openMeans: OpenPredictor = (json) => {
  const { means } = meansShape.parse(json)
  const best = means.indexOf(Math.max(...means))
  const effects = means.length - 1
  return (_columns, rows) => {
    const tau = Float64Array.from({ length: rows * effects }, (_, at) => means[Math.floor(at / rows) + 1]! - means[0]!)
    return {
      ...{ tau, lo: tau.map((value) => value - 0.02), hi: tau.map((value) => value + 0.02) },
      support: new Uint8Array(rows * effects).fill(1),
      policy: new Uint8Array(rows).fill(best),
    }
  }
}

const learn: Command = {
  usage: '--data FILE --treatment … --control … --outcome … --out FOLDER',
  positionals: [],
  options: { seed: { type: 'string', about: 'the seed' }, ...fileOptions },
  run: (invocation) => learnFromFile(invocation, learnMeans),
}

const predict: Command = {
  usage: '--model FOLDER --data FILE --out FILE',
  positionals: [],
  options: predictOptions,
  run: (invocation) => predictFile(invocation, openMeans),
}

const entry = (name: string, command: Command) => ({ name, summary: '', load: () => Promise.resolve(command) })

export const standIns: readonly CommandEntry[] = [
  entry('learn', learn),
  entry('predict', predict),
  entry('explain', explainCommand),
]

if (import.meta.main) process.exitCode = await runCommand(standIns, process.argv.slice(2))
