// The client's page: the panels of all features that know something of the person.

import { z } from 'zod'
import { assessmentPanel, assessmentsOf, assessmentTimeline, stateOf } from '#assessment/index.ts'
import { clientSummaryPanel, idsOfFile, inFile, notesPanel, timelineOf, type Client } from '#clients/index.ts'
import { recommendationPanel } from '#matching/index.ts'
import { clientOutcomesPanel } from '#outcomes/index.ts'
import { idOf, page, type Routes, type Scene } from '#platform/http/index.ts'
import {
  clientReferralsPanel,
  informalPanel,
  informalTimeline,
  referralsOfClient,
  referralTimeline,
  type KeptReferral,
} from '#referrals/index.ts'
import { listStaff } from '#staff/index.ts'
import { nextStep } from './next-step.ts'
import { clientPage, nextStepButton } from './pages/client.page.ts'
import { joinTimelines } from './timeline.ts'

/** So many lines of a timeline are read; what is older stands on the pages of its own feature. */
const shownItems = 40

export function clientFileRoutes(routes: Routes): void {
  const options = { params: z.object({ id: idOf<'client'>() }), roles: ['adviser', 'manager'] } as const
  routes.staff('GET', '/clients/:id', options, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const referrals = await referralsOfClient(scene.db, await idsOfFile(scene.db, client.id))
      const step = nextStepButton(scene, client, await nextStepOf(scene, client, referrals))
      const names = new Map((await listStaff(scene.db)).map((member) => [member.id, member.name]))
      const timelines = [
        await timelineOf(scene, client),
        referralTimeline(scene, referrals),
        await informalTimeline(scene, client, names),
        await assessmentTimeline(scene, client.id, names),
      ]
      const joined = {
        summary: await clientSummaryPanel(scene, client, step),
        main: [
          await clientReferralsPanel(scene, referrals),
          await recommendationPanel(scene, client),
          await informalPanel(scene, client, names),
          await assessmentPanel(scene, client),
        ],
        beside: [await notesPanel(scene, client), await clientOutcomesPanel(scene, client.id)],
        timeline: joinTimelines(timelines, shownItems),
      }
      return page('casefile/pages/client.njk', clientPage(scene, client, joined))
    }),
  )
}

async function nextStepOf(scene: Scene, client: Client, referrals: readonly KeptReferral[]) {
  const assessments = await assessmentsOf(scene.db, client.id)
  return nextStep({
    openAssessment: assessments.find((one) => stateOf(one) === 'open')?.id ?? null,
    hasAssessment: assessments.some((one) => stateOf(one) !== 'open'),
    // Closed: ended, and the client's next step is recorded.
    referrals: referrals
      .filter(({ referral }) => referral.nextStep === null)
      .map(({ file, referral }) => ({ id: file.id, state: referral.state })),
  })
}
