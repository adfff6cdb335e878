// `learn --data F … --out FOLDER`: past episodes in a file become a model in a folder. Touches no database.

import { readLearningFile } from '#evidence/dataset/read-learning-file.run.ts'
import { reportLines } from '#evidence/dataset/learning-report.ts'
import type { LearningTable } from '#evidence/dataset/learning-table.ts'
import type { Roles } from '#evidence/dataset/roles.ts'
import type { Card } from '#evidence/engine/card.ts'
import {
  checkModelPlace,
  describePlaceProblem,
  reportCard,
  takeApart,
  writeModelFile,
  type PlaceProblem,
} from '#evidence/model-file/index.ts'
import { costOfProcess } from '#platform/cost.ts'
import { RefusedInput, wholeNumber, type Command, type Invocation, type Outcome } from './command.ts'
import { stoppable, tellProgress } from './long-work.ts'

/** The engine as the command needs it. The model is plain objects of typed arrays. */
export type LearnEvidence = (
  table: LearningTable,
  options: {
    readonly seed: number
    readonly threads: number
    readonly trees?: number
    readonly signal: AbortSignal
    readonly onProgress: (done: number, of: number) => void
  },
) => Promise<{ readonly model: unknown; readonly card: Card }>

export const fileOptions = {
  data: { type: 'string', about: 'a .csv, .csv.gz or .parquet file of past episodes; then no database is touched' },
  treatment: { type: 'string', about: 'the column that says which service was taken' },
  control: { type: 'string', about: 'its value that the others are compared with' },
  outcome: { type: 'string', about: 'the column of the outcome: yes or no, or a number' },
  categorical: { type: 'string', about: 'columns, with commas, that are names even where they look like numbers' },
  protected: { type: 'string', about: 'columns, with commas, that no one may be ranked by' },
  cluster: { type: 'string', about: 'the column of the site or adviser that rows share' },
  weights: { type: 'string', about: 'the column of weights' },
  'known-propensity': { type: 'string', about: 'such as p_*: the columns with the chance of each service' },
  threads: { type: 'string', about: 'how many threads compute; the answer is the same (2)' },
  trees: { type: 'string', about: 'how many trees the forests have' },
  out: { type: 'string', about: 'the folder that the model is written to' },
} as const satisfies Command['options']

const usualThreads = 2
const mostThreads = 256
const mostTrees = 1_000_000
const engineVersion = '1'

export async function learnFromFile(invocation: Invocation, learnEvidence: LearnEvidence): Promise<Outcome> {
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
    if (!invocation.flag('json')) invocation.progress(`${reportLines(report).join('\n')}\n`)
    const onProgress = tellProgress(invocation, 'Learning')
    const learned = await learnEvidence(table, { seed, threads, trees, signal, onProgress })
    const card = { ...learned.card, ...costOfProcess(), threads }
    const manifest = { engineVersion, created: card.learnedAt, card }
    const sections = takeApart(learned.model)
    const written = await writeModelFile(out, { manifest, sections }, () => signal.throwIfAborted())
    const { bytes } = refuseIf(written, out)
    const { refusals, notes } = report
    return {
      exit: refusals.count > 0 ? 1 : 0,
      document: { ...documentOf(card), ...costOfProcess(), refused: refusals, notes, model: out, bytes },
      lines: [...reportCard(card), '', `Saved in ${out}, ${(bytes / 2 ** 20).toFixed(1)} MiB.`],
    }
  })
}

/** What `learn --json` prints of the card; the whole card is `explain --json`. */
function documentOf(card: Card) {
  const { averages, treated, calibration, usedForRanking, limits, seed, threads, data } = card
  return {
    rows: data.rows,
    averages,
    treated,
    calibration: { passed: calibration.passed },
    usedForRanking,
    limits,
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
