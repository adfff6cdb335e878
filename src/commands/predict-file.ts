// `predict`: what a learned model says of every row of a file, in order. Touches no database.

import fs from 'node:fs/promises'
import path from 'node:path'
import { readRowsToPredict, type RowPiece } from '#evidence/dataset/read-rows.run.ts'
import { UnreadableFile } from '#evidence/dataset/source.run.ts'
import { predictEvidence } from '#evidence/engine/predict-evidence.ts'
import {
  describeModelProblem,
  readEngineModel,
  readModelFile,
  ReaderGone,
  rowsInBlock,
  writePredictions,
  type PredictedBlock,
} from '#evidence/model-file/index.ts'
import { costOfProcess } from '#platform/cost.ts'
import { RefusedInput, WrongUse, type Invocation, type Outcome } from './command.ts'
import { stoppable, tellProgress } from './long-work.ts'

export async function predictFile(invocation: Invocation): Promise<Outcome> {
  const { required, progress } = invocation
  const folder = required('model')
  const file = required('data')
  const out = required('out')
  const isStream = out === '-'
  if (isStream && invocation.flag('json')) throw new WrongUse('--json and --out - would both write to standard output.')
  if (!isStream) await refusePlace(out, file)
  return stoppable(async (signal) => {
    const kept = await readModelFile(folder)
    if (!kept.ok) throw new RefusedInput(describeModelProblem(kept.problem, folder))
    const opened = readEngineModel(kept.value)
    if (!opened.ok) throw new RefusedInput(describeModelProblem(opened.problem, folder))
    const model = opened.value
    const { usedForRanking } = kept.value.manifest.card
    const { arms, features } = model
    const read = await readRowsToPredict(file, features, { signal, chunk: rowsInBlock })
    if (!read.ok) throw new RefusedInput(read.problem.sentence)
    const tally = startTally(arms)
    const onProgress = tellProgress(invocation, 'Predicting')
    async function* blocks(pieces: AsyncIterable<RowPiece>, all: number): AsyncGenerator<PredictedBlock> {
      for await (const { from, rows, columns, strange } of pieces) {
        const block = predictEvidence(model, columns, rows)
        tally.count(block, strange)
        onProgress(from + rows, all)
        yield block
      }
    }
    const { rows } = await writePredictions({
      ...{ arms, out, signal, blocks: blocks(read.value.pieces, read.value.rows) },
    }).catch(refuseHalfRead)
    const { document, lines } = tally.report(features.map(({ name }) => name))
    const said = [`${rows.toLocaleString('en-GB')} rows predicted.`, ...lines, ...(usedForRanking ? [] : [unproven])]
    if (isStream) progress(said.join('\n'))
    return {
      exit: 0,
      document: { rows, ...costOfProcess(), out, usedForRanking, ...document },
      lines: isStream ? [] : said,
    }
  })
}

const unproven =
  'The model did not show that it tells people apart: go by its averages (explain), not by these differences.'

async function refusePlace(out: string, file: string): Promise<void> {
  const statOf = (name: string) => fs.stat(name).catch(() => null)
  const there = await statOf(out)
  const source = await statOf(file)
  if (there?.isDirectory()) throw new RefusedInput(`${out} is a folder. Name a file in it.`)
  if (there && source && there.ino === source.ino && there.dev === source.dev)
    throw new WrongUse('--out is the file that is read. Name another.')
  if (!there && !(await statOf(path.dirname(path.resolve(out))))?.isDirectory())
    throw new RefusedInput(`There is no folder ${path.dirname(out)}.`)
}

function refuseHalfRead(error: unknown): never {
  if (error instanceof UnreadableFile)
    throw new RefusedInput(`The file cannot be read: ${error.message}. Nothing was written.`)
  if (error instanceof ReaderGone) throw new RefusedInput(error.message)
  throw error
}

/** Counts over all blocks what a reader should know of the whole. */
function startTally(arms: readonly string[]) {
  const supported = arms.slice(1).map(() => 0)
  const chosen = arms.map(() => 0)
  let strangeBy: number[] = []
  let all = 0
  return {
    count({ rows, support, policy }: PredictedBlock, strange: readonly number[]) {
      all += rows
      for (let at = 0; at < support.length; at++) supported[Math.floor(at / rows)]! += support[at]!
      for (const place of policy) chosen[place]!++
      strangeBy = strange.map((cells, j) => cells + (strangeBy[j] ?? 0))
    },
    report(features: readonly string[]) {
      const shares = supported.map((rows, k) => ({ arm: arms[k + 1]!, share: all === 0 ? 0 : rows / all }))
      const strange = strangeBy.flatMap((cells, j) => (cells > 0 ? [{ feature: features[j]!, cells }] : []))
      const policy = arms.map((arm, place) => ({ arm, rows: chosen[place]! }))
      return {
        document: { supported: shares, policy, strange },
        lines: [
          ...shares.map(({ arm, share }) => `  ${arm}: support for ${(100 * share).toFixed(0)} % of them`),
          ...strange.map(
            ({ feature, cells }) => `  ${feature}: ${cells} answers that the model never met, taken as not known`,
          ),
        ],
      }
    },
  }
}
