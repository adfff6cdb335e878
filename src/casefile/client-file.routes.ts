// The client's page: the panels of all features that know something of the person.

import { z } from 'zod'
import {
  assessmentPanel,
  assessmentsOf,
  assessmentTimeline,
  isOnlyAtDesk,
  skillsPanel,
  stateOf,
  type Assessment,
} from '#assessment/index.ts'
import { clientSummaryPanel, idsOfFile, inFile, notesPanel, surroundingsOf, timelineOf } from '#clients/index.ts'
import { clientQuestionsPanel, planPanel, recommendationPanel } from '#matching/index.ts'
import { clientOutcomesPanel } from '#outcomes/index.ts'
import { idOf, page, type Routes } from '#platform/http/index.ts'
import {
  clientReferralsPanel,
  informalOfClient,
  informalPanel,
  informalTimeline,
  referralsOfClient,
  referralTimeline,
  type KeptReferral,
} from '#referrals/index.ts'
import { nextStep } from './next-step.ts'
import { clientPage, nextStepButton } from './pages/client.page.ts'
import { joinTimelines } from './timeline.ts'

/** So many lines of a timeline are read; what is older stands on the pages of its own feature. */
const shownItems = 40

export function clientFileRoutes(routes: Routes): void {
  const options = { params: z.object({ id: idOf<'client'>() }), roles: ['adviser', 'manager'] } as const
  routes.staff('GET', '/clients/:id', options, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const known = { ids: await idsOfFile(scene.db, client.id), surroundings: await surroundingsOf(scene) }
      const { ids, surroundings } = known
      const referrals = await referralsOfClient(scene.db, ids)
      const assessments = await assessmentsOf(scene.db, ids)
      const told = { all: await informalOfClient(scene.db, ids), names: surroundings.staffNames }
      const nextStep = nextStepButton(scene, client, nextStepOf(assessments, referrals))
      const timelines = [
        await timelineOf(scene, client, known),
        referralTimeline(scene, referrals),
        informalTimeline(scene, told),
        await assessmentTimeline(scene, ids, surroundings.staffNames),
      ]
      const questions = await clientQuestionsPanel(scene, client, ids)
      const joined = {
        summary: clientSummaryPanel(scene, client, { surroundings, nextStep }),
        main: [
          await clientReferralsPanel(scene, referrals),
          ...(questions ? [questions] : []),
          await recommendationPanel(scene, client, ids),
          await planPanel(scene, client, ids),
          await informalPanel(scene, client, told),
          await assessmentPanel(scene, client, assessments),
          await skillsPanel(scene, client, ids),
        ],
        beside: [await notesPanel(scene, client, known), await clientOutcomesPanel(scene, client.id, ids)],
        timeline: joinTimelines(timelines, shownItems),
      }
      return page('casefile/pages/client.njk', clientPage(scene, client, joined))
    }),
  )
}

function nextStepOf(assessments: readonly Assessment[], referrals: readonly KeptReferral[]) {
  return nextStep({
    // What was told at the desk is enough to find a service; the rest of it can wait.
    openAssessment: assessments.find((one) => stateOf(one) === 'open' && !isOnlyAtDesk(one))?.id ?? null,
    hasAssessment: assessments.some((one) => stateOf(one) !== 'open' || isOnlyAtDesk(one)),
    // Closed: ended, and the client's next step is recorded.
    referrals: referrals
      .filter(({ referral }) => referral.nextStep === null)
      .map(({ file, referral }) => ({ id: file.id, state: referral.state })),
  })
}
