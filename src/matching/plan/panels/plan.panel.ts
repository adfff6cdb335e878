// The plan at a glance, on the client's page; and a sequence that could go into it, beside the ranking.

import { idsOfFile, type Client } from '#clients/index.ts'
import { findService } from '#directory/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import { parseId, type ClientId } from '#platform/ids.ts'
import { hundredths } from '../../sentence.ts'
import { firstOfEachName, outlookFor, stepInWords, type Seen } from '../../changes/panels/changes.panel.ts'
import { typeInWords } from '../../pages/words.page.ts'
import { raiseInForm } from '../plan.reader.ts'
import { latestPlan } from '../plan-versions.store.ts'
import type { Step } from '../plan.ts'
import { suggestSequences } from '../suggest.ts'

/** So many steps fit a glance. */
const shownSteps = 4
const shownSequences = 2
const shownServices = 3

/** For the client's page; `ids` are those of the file. */
export async function planPanel(scene: Scene, client: Client, ids: readonly ClientId[]): Promise<Panel> {
  const latest = await latestPlan(scene.db, ids)
  const plan = latest?.plan ?? []
  const steps = []
  for (const step of plan.slice(0, shownSteps)) {
    steps.push({ title: await titleOf(scene, step), isOwn: isOwnWords(step), isDone: step.isDone })
  }
  return {
    template: 'matching/plan/panels/plan.njk',
    model: {
      href: `/clients/${client.id}/plan`,
      steps,
      more: plan.length > shownSteps ? scene.t('matching.plan.panel.more', { count: plan.length - shownSteps }) : null,
      canChange: client.status === 'open',
    },
  }
}

/** For the page of one recommendation: what could come first, and what then. Nothing is shown where nothing is suggested. */
export async function sequencePanel(scene: Scene, client: Client, seen: Omit<Seen, 'clientId'>): Promise<Panel> {
  const outlook = outlookFor(seen)
  const openTypes = new Set(
    seen.services.flatMap(({ type, standing }) => (standing === 'eligible' && type !== null ? [type] : [])),
  )
  const gains = new Map(seen.estimates.map(({ type, gain }) => [type, gain]))
  const latest = await latestPlan(scene.db, await idsOfFile(scene.db, client.id))
  const isPlanned = (type: string) => latest?.plan.some((step) => step.type === type) === true
  return {
    template: 'matching/plan/panels/sequence.njk',
    model: {
      action: `/clients/${client.id}/plan/suggested`,
      planHref: `/clients/${client.id}/plan`,
      canChange: client.status === 'open',
      sequences: suggestSequences({ outlook, openTypes, gains })
        .slice(0, shownSequences)
        .map(({ first, raise, from, then, services, gain }) => ({
          sentence: scene.t('matching.plan.sequence.sentence', {
            first: typeInWords(first, scene),
            then: typeInWords(then, scene),
            step: stepInWords({ ...raise, from }, scene),
            count: hundredths(gain),
          }),
          services: firstOfEachName(services)
            .slice(0, shownServices)
            .map(({ id, name }) => ({ name, href: `/services/${id}` })),
          ...{ first, then, raises: raiseInForm(raise) },
          isPlanned: isPlanned(first) && isPlanned(then),
        })),
    },
  }
}

async function titleOf(scene: Scene, { serviceId, type, aim }: Step): Promise<string> {
  const id = parseId<'service'>(serviceId)
  if (id) return (await findService(scene.db, id))?.name ?? scene.t('matching.plan.gone')
  return type === null ? aim : typeInWords(type, scene)
}

/** Text that no catalogue has. */
function isOwnWords({ serviceId, type }: Step): boolean {
  return serviceId !== null || type === null
}
