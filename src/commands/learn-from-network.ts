// `learn` without a file: the network's own past episodes become its models. The classic one is in use at once, the engine's
// waits for its review.

import { serviceTypes } from '#directory/index.ts'
import { noService } from '#evidence/episode.ts'
import { learnInNetwork } from '#evidence/index.ts'
import { reportCard } from '#evidence/model-file/index.ts'
import { inScope } from '#platform/db/index.ts'
import { wholeNumber, type Invocation, type Outcome } from './command.ts'
import { engineOnDemand } from './engine-on-demand.ts'
import { refuseStrangers, termsOf } from './learn-terms.ts'
import { stoppable, tellProgress } from './long-work.ts'
import { withNetwork } from './runtime.ts'

export function learnFromNetwork(invocation: Invocation): Promise<Outcome> {
  const seed = wholeNumber(invocation, 'seed') ?? 1
  const terms = termsOf(invocation, noService)
  refuseStrangers(terms, serviceTypes)
  return withNetwork(invocation, ({ kysely }, { id: networkId }) =>
    stoppable(async (signal) => {
      const tell = {
        classic: tellProgress(invocation, 'Learning the classic model'),
        engine: tellProgress(invocation, 'Learning'),
      }
      const { classic, engine, whyNot } = await learnInNetwork({
        ...{ networkId, engine: engineOnDemand(), seed, terms, signal },
        now: () => new Date(),
        act: (work) => inScope(kysely, { role: 'job', networkId }, work),
        onProgress: (stage, done, of) => tell[stage](done, of),
      })
      const { version, model } = classic
      const arms = model.card.counts.map(
        (arm) =>
          `  ${arm.type.padEnd(24)} ${arm.episodes} episodes, ${arm.known} with a known outcome, ${arm.working} working`,
      )
      const counted = [`Model ${version}, from ${model.card.episodes} episodes:`, ...arms, '']
      return {
        exit: 0,
        document: {
          ...{ version, card: model.card },
          engine: engine ? { version: engine.version, id: engine.id, card: engine.card } : { learned: false, whyNot },
        },
        lines: engine
          ? [...counted, ...reportCard(engine.card), '', waiting(engine.version)]
          : [...counted, `The engine could not learn from these: ${whyNot ?? ''}`],
      }
    }),
  )
}

function waiting(version: number): string {
  return `Kept as model ${version} of the engine. It ranks nothing until it is reviewed and put in use, under Insights.`
}
