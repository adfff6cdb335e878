// `learn --data F … --out FOLDER`: past episodes in a file become a model in a folder. Touches no database.

import { readLearningFile } from '#evidence/dataset/read-learning-file.run.ts'
import { reportLines } from '#evidence/dataset/learning-report.ts'
import type { Roles } from '#evidence/dataset/roles.ts'
import type { Card } from '#evidence/engine/card.ts'
import { learnEvidence } from '#evidence/engine/learn.run.ts'
import { NothingToLearn } from '#evidence/engine/prepared.ts'
import {
  checkModelPlace,
  describePlaceProblem,
  keepEngineModel,
  reportCard,
  writeModelFile,
  type PlaceProblem,
} from '#evidence/model-file/index.ts'
import { costOfProcess } from '#platform/cost.ts'
import { RefusedInput, wholeNumber, type Invocation, type Outcome } from './command.ts'
import { refuseStrangers, termsOf } from './learn-terms.ts'
import { stoppable, tellProgress } from './long-work.ts'

const usualThreads = 2
const mostThreads = 256
const mostTrees = 1_000_000

export async function learnFromFile(invocation: Invocation): Promise<Outcome> {
  const { option, required } = invocation
  const file = required('data')
  const out = required('out')
  const roles: Roles = {
    treatment: required('treatment'),
    control: required('control'),
    outcome: required('outcome'),
    categorical: namesIn(option('categorical')),
    protected: namesIn(option('protected')),
    cluster: option('cluster') ?? null,
    weights: option('weights') ?? null,
    knownPropensity: option('known-propensity') ?? null,
  }
  const seed = wholeNumber(invocation, 'seed') ?? 1
  const threads = wholeNumber(invocation, 'threads', { from: 0, to: mostThreads }) ?? usualThreads
  const trees = wholeNumber(invocation, 'trees', { from: 1, to: mostTrees })
  const terms = termsOf(invocation, roles.control)
  // Before an hour of work, not after it.
  refuseIf(await checkModelPlace(out), out)
  return stoppable(async (signal) => {
    const onRead = tellProgress(invocation, 'Reading the file')
    const read = await readLearningFile(file, roles, {
      signal,
      threads: Math.max(1, threads),
      onProgress: (share) => onRead(share, 1),
    })
    if (!read.ok) throw new RefusedInput(read.problem.sentence)
    const { table, report } = read.value
    const { refusals, notes } = report
    refuseStrangers(terms, table.arms.slice(1))
    if (!invocation.flag('json')) invocation.progress(`${reportLines(report).join('\n')}\n`)
    const onProgress = tellProgress(invocation, 'Learning')
    const order = { seed, threads, trees, terms, refused: refusals.count, signal, onProgress }
    const learned = await learnEvidence(table, order).catch(refuseUnlearnable)
    const card = { ...learned.card, ...costOfProcess() }
    const written = await writeModelFile(out, keepEngineModel(learned.model, card), () => signal.throwIfAborted())
    const { bytes } = refuseIf(written, out)
    return {
      exit: refusals.count > 0 ? 1 : 0,
      document: { ...documentOf(card), ...costOfProcess(), refused: refusals, notes, model: out, bytes },
      lines: [...reportCard(card), '', savedSentence(out, bytes, refusals.count)],
    }
  })
}

function savedSentence(out: string, bytes: number, refused: number): string {
  const saved = `The model is saved in ${out} (${(bytes / 2 ** 20).toFixed(1)} MiB)`
  if (refused === 0) return `${saved}.`
  return `${saved}; ${refused.toLocaleString('en-GB')} ${refused === 1 ? 'row was' : 'rows were'} refused and left out, so the exit code is 1.`
}

function refuseUnlearnable(error: unknown): never {
  throw error instanceof NothingToLearn ? new RefusedInput(error.message) : error
}

/** What `learn --json` prints of the card; the whole card is `explain --json`. */
function documentOf(card: Card) {
  const { averages, treated, calibration, usedForRanking, limits, terms, seed, threads, data } = card
  return {
    rows: data.rows,
    averages,
    treated,
    calibration: { passed: calibration.passed },
    usedForRanking,
    limits,
    terms,
    seed,
    threads,
  }
}

function namesIn(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function refuseIf<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: PlaceProblem },
  place: string,
): T {
  if (!result.ok) throw new RefusedInput(describePlaceProblem(result.problem, place))
  return result.value
}
