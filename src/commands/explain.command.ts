// `explain`: what a learned model found, whether it may be believed, and what it was made of.

import { describeModelProblem, readModelFile, reportCard } from '#evidence/model-file/index.ts'
import { RefusedInput, type Command } from './command.ts'

export const explainCommand: Command = {
  usage: '--model FOLDER',
  positionals: [],
  options: { model: { type: 'string', about: 'the folder that learn --out wrote' } },
  async run(invocation) {
    const folder = invocation.required('model')
    const read = await readModelFile(folder)
    if (!read.ok) throw new RefusedInput(describeModelProblem(read.problem, folder))
    const { card } = read.value.manifest
    return { exit: 0, document: card, lines: reportCard(card) }
  },
}
