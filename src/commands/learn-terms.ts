// `--cost` and `--capacity` of `learn`: what services cost and how many can have them, read before anything else is.

import { readTerms, type Term, type TermProblem } from '#evidence/policy/terms.ts'
import { RefusedInput, WrongUse, type Invocation } from './command.ts'

/** Throws WrongUse, with what is wrong in a sentence. */
export function termsOf({ option }: Pick<Invocation, 'option'>, control: string): readonly Term[] {
  const read = readTerms({ cost: option('cost'), capacity: option('capacity') }, control)
  if (!read.ok) throw new WrongUse(sentenceOf(read.problem, read.problem.option))
  return read.value
}

/** Refuses (RefusedInput) terms of services that are not among these. */
export function refuseStrangers(terms: readonly Term[], arms: readonly string[]): void {
  const stranger = terms.find(({ arm }) => !arms.includes(arm))
  if (!stranger) return
  const option = stranger.capacity === null ? 'cost' : 'capacity'
  throw new RefusedInput(`--${option} names “${stranger.arm}”, which is none of the services: ${arms.join(', ')}.`)
}

function sentenceOf(problem: TermProblem, option: 'cost' | 'capacity'): string {
  const example = option === 'cost' ? 'language=0.03' : 'language=0.2'
  switch (problem.reason) {
    case 'no_pair':
      return `--${option} is a list such as ${example}: “${problem.words}” is no service with a number.`
    case 'no_cost':
      return `--${option} of “${problem.arm}” is a number, 0 or more.`
    case 'no_share':
      return `--${option} of “${problem.arm}” is a share of the people, from 0 to 1.`
    case 'twice':
      return `--${option} names “${problem.arm}” twice.`
    case 'control':
      return `--${option} names “${problem.arm}”, which is what services are compared with: it costs nothing and has no limit.`
  }
}
