// Pages of assessments: started, answered group by group, checked, completed, changed afterwards.

import { z } from 'zod'
import { findClient, fullName, idsOfFile, inFile, type Client } from '#clients/index.ts'
import type { Db } from '#platform/db/index.ts'
import {
  file,
  idOf,
  notFound,
  page,
  redirect,
  textOf,
  type Answer,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import type { AssessmentId, ClientId, SiteId, StaffId } from '#platform/ids.ts'
import { currentAnswers, currentMargins, pageAfter, progressOf, stateOf, type Assessment } from './assessment.ts'
import { changedQuestions, withoutDisabled } from './answers.ts'
import {
  assessmentsOf,
  changeLanguage,
  completeAnswers,
  discardDraft,
  findAssessment,
  saveDraft,
  startAssessment,
} from './assessments.store.ts'
import { historyOf, pagesSeen } from './assessment-events.store.ts'
import { deskRoutes } from './desk.routes.ts'
import { fieldName } from './field-name.ts'
import { readGroup } from './group.form.ts'
import { readStart } from './start.form.ts'
import { carryOver } from './carry-over.ts'
import { languagesOf, pagesOf } from './instrument.ts'
import { changedNotes, withNotes } from './margin.ts'
import { answerCounts, checkAnswers } from './items/every-type.item.ts'
import { offeredInstruments } from './instruments.store.ts'
import { answersPage, checkPage, tasksPage } from './pages/assessment.page.ts'
import { clientAssessmentsPage, newAssessmentPage, preferredLanguage } from './pages/client-assessments.page.ts'
import { groupPage } from './pages/group.page.ts'
import { historyPage } from './pages/history.page.ts'
import type { Seen, StaffNames } from './pages/say.page.ts'
import { profileRoutes } from './profile.routes.ts'
import { responseOf } from './response.ts'

/** An assessment that was completed for the first time: what an episode starts from. */
interface CompletedAssessment {
  readonly assessmentId: AssessmentId
  readonly clientId: ClientId
  readonly siteId: SiteId
  readonly restrictedTo: readonly StaffId[] | null
  readonly instrumentUrl: string
  readonly manner: Assessment['manner']
  /** The day on which the client answered: today, or the day on the paper. */
  readonly answeredOn: CalendarDay
  readonly completedAt: Date
}

export interface AssessmentHooks {
  /** Runs in the same transaction as the completing: what it refuses to do is not completed either. */
  readonly onCompleted?: (scene: Scene, completed: CompletedAssessment) => Promise<void>
  /** Names of staff; assessment knows only their ids. */
  readonly staffNames: (db: Db) => Promise<ReadonlyMap<string, string>>
}

const adviser = { roles: ['adviser', 'manager'] } as const
const ofClient = { ...adviser, params: z.object({ id: idOf<'client'>() }) }
const ofAssessment = { ...adviser, params: z.object({ id: idOf<'assessment'>() }) }
const ofGroup = { ...adviser, params: z.object({ id: idOf<'assessment'>(), linkId: z.string() }) }

export function assessmentRoutes(routes: Routes, hooks: AssessmentHooks): void {
  deskRoutes(routes)
  profileRoutes(routes, hooks.staffNames)
  routesOfClient(routes)
  routesOfGroups(routes, hooks)
  routesOfReading(routes, hooks)
  routesOfEnding(routes, hooks)
}

function routesOfClient(routes: Routes): void {
  routes.staff('GET', '/clients/:id/assessments', ofClient, async (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const [assessments, offered] = [
        await assessmentsOf(scene.db, await idsOfFile(scene.db, client.id)),
        await offeredInstruments(scene.db),
      ]
      return page(
        'assessment/pages/client-assessments.njk',
        clientAssessmentsPage(scene, shortly(client), { assessments, offered }),
      )
    }),
  )

  routes.staff('GET', '/clients/:id/assessments/new', ofClient, async (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const [assessments, offered] = [
        await assessmentsOf(scene.db, await idsOfFile(scene.db, client.id)),
        await offeredInstruments(scene.db),
      ]
      return page('assessment/pages/new.njk', newAssessmentPage(scene, shortly(client), { assessments, offered }))
    }),
  )

  routes.staff('POST', '/clients/:id/assessments', ofClient, async (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const offered = await offeredInstruments(scene.db)
      const read = readStart(body, offered, scene.today)
      const assessments = await assessmentsOf(scene.db, await idsOfFile(scene.db, client.id))
      if (!read.ok) {
        const model = newAssessmentPage(scene, shortly(client), {
          assessments,
          offered,
          body,
          problems: read.problem,
        })
        return page('assessment/pages/new.njk', model, { status: 400 })
      }
      const start = read.value
      const languages = languagesOf(start.instrument.instrument)
      const wanted = textOf(body, 'language')
      const language = languages.includes(wanted) ? wanted : preferredLanguage(languages, client.language, scene.locale)
      const url = start.instrument.instrument.url
      const earlier = assessments.find((one) => one.instrument.url === url && one.completedAt !== null)
      const carried = earlier && start.isCarried ? carryOver(earlier, start.instrument.instrument, answerCounts) : null
      const id = await startAssessment(scene.db, handOf(scene), client, {
        ...start,
        language,
        ...(carried ? { carried } : {}),
      })
      await scene.record('assessment.started', { clientId: client.id, subjectId: id, facts: { manner: start.manner } })
      // Paper is first printed, or has its first page typed in: the list of groups offers both.
      if (start.manner === 'paper') return redirect(`/assessments/${id}`)
      const first = pagesOf(start.instrument.instrument)[0]
      return redirect(first ? groupHref(id, first.linkId) : `/assessments/${id}`)
    }),
  )
}

function routesOfGroups(routes: Routes, { staffNames }: AssessmentHooks): void {
  const query = z.object({ back: z.string().optional() })
  routes.staff(
    'GET',
    '/assessments/:id/groups/:linkId',
    { ...ofGroup, query },
    async (scene, { params, query: { back } }) =>
      inAssessment(scene, params.id, async (assessment, client) => {
        const answers = currentAnswers(assessment)
        const shown = progressOf(assessment.instrument, answers).find(({ page }) => page.linkId === params.linkId)
        if (!shown) return redirect(`/assessments/${assessment.id}`)
        const isChange = back === 'check' || stateOf(assessment) !== 'open'
        return page(
          'assessment/pages/group.njk',
          groupPage(scene, assessment, await seenBy(scene, client, staffNames), {
            page: shown.page,
            answers,
            isChange,
          }),
        )
      }),
  )

  routes.staff('POST', '/assessments/:id/groups/:linkId', ofGroup, async (scene, { params, body }) =>
    changeAssessment(scene, params.id, async (assessment, client) =>
      saveGroup(scene, assessment, await seenBy(scene, client, staffNames), { linkId: params.linkId, body }),
    ),
  )
}

async function saveGroup(
  scene: Scene,
  assessment: Assessment,
  seen: Seen,
  { linkId, body }: { linkId: string; body: FormBody },
): Promise<Answer> {
  const { id, instrument } = assessment
  const isOpen = stateOf(assessment) === 'open'
  const isChange = textOf(body, 'back') === 'check' || !isOpen
  const isLater = textOf(body, 'next') === 'later'
  const before = currentAnswers(assessment)
  const group = progressOf(instrument, before).find(({ page: one }) => one.linkId === linkId)?.page
  // Someone else may have changed an answer meanwhile, so that this group is no longer asked.
  if (!group) return redirect(`/assessments/${id}`, scene.t('assessment.group.not_asked'))
  const read = readGroup(instrument, group, before, { body, isWhole: !isLater })
  if (read.problems.length > 0) {
    const shown = { page: group, answers: read.answers, typed: body, problems: read.problems, isChange }
    return page('assessment/pages/group.njk', groupPage(scene, assessment, seen, shown), { status: 400 })
  }
  // Completed answers that were looked at and left as they are have not been changed.
  const margins = currentMargins(assessment)
  const isNoted = changedNotes(margins, withNotes(margins, read.notes, { by: null, on: scene.today })).length > 0
  const isSame = changedQuestions(before, read.answers).length === 0 && !isNoted
  const save = { answers: read.answers, notes: read.notes, page: linkId, today: scene.today }
  if (isOpen || !isSame) await saveDraft(scene.db, handOf(scene), assessment, save)
  if (isLater) return redirect(`/assessments/${id}`, scene.t('assessment.group.saved'))
  const [firstOpened] = read.opened
  if (firstOpened !== undefined) {
    const back = isChange ? '?back=check' : ''
    const notice = scene.t('assessment.group.opened', { count: read.opened.length })
    return redirect(`${groupHref(id, linkId)}${back}#${fieldName(firstOpened)}-item`, notice)
  }
  if (isChange) return redirect(isSame && !isOpen ? `/assessments/${id}` : `/assessments/${id}/check`)
  const next = pageAfter(instrument, read.answers, linkId)
  return redirect(next ? groupHref(id, next.linkId) : `/assessments/${id}/check`)
}

function routesOfReading(routes: Routes, { staffNames }: AssessmentHooks): void {
  routes.staff('GET', '/assessments/:id', ofAssessment, async (scene, { params }) =>
    inAssessment(scene, params.id, async (assessment, client) => {
      const seen = await seenBy(scene, client, staffNames)
      if (assessment.completedAt) return page('assessment/pages/answers.njk', answersPage(scene, assessment, seen))
      const model = tasksPage(scene, assessment, { ...seen, pagesSeen: await pagesSeen(scene.db, assessment.id) })
      return page('assessment/pages/tasks.njk', model)
    }),
  )

  routes.staff('GET', '/assessments/:id/check', ofAssessment, async (scene, { params }) =>
    inAssessment(scene, params.id, async (assessment, client) => {
      if (stateOf(assessment) === 'completed') return redirect(`/assessments/${assessment.id}`)
      return page('assessment/pages/check.njk', checkPage(scene, assessment, await seenBy(scene, client, staffNames)))
    }),
  )

  routes.staff('GET', '/assessments/:id/history', ofAssessment, async (scene, { params }) =>
    inAssessment(scene, params.id, async (assessment, client) => {
      const events = await historyOf(scene.db, assessment)
      return page(
        'assessment/pages/history.njk',
        historyPage(scene, assessment, events, await seenBy(scene, client, staffNames)),
      )
    }),
  )

  routes.staff('GET', '/assessments/:id/response.json', ofAssessment, async (scene, { params }) =>
    inAssessment(scene, params.id, async ({ instrument, answers, language, completedAt, version, reference }) => {
      if (!answers || !completedAt) return notFound()
      const status = version > 1 ? 'amended' : 'completed'
      const response = responseOf(instrument, answers, { status, authored: completedAt, language })
      return file(`${reference}.json`, 'application/fhir+json', JSON.stringify(response, null, 2))
    }),
  )
}

function routesOfEnding(routes: Routes, { staffNames, onCompleted }: AssessmentHooks): void {
  routes.staff('POST', '/assessments/:id/complete', ofAssessment, async (scene, { params }) =>
    changeAssessment(scene, params.id, async (assessment, client) => {
      const { id, instrument } = assessment
      if (stateOf(assessment) === 'completed') return redirect(`/assessments/${id}`)
      const answers = currentAnswers(assessment)
      const problems = checkAnswers(instrument, answers, instrument.items)
      const isEmpty = withoutDisabled(instrument, answers).size === 0
      if (problems.length > 0 || isEmpty) {
        const seen = await seenBy(scene, client, staffNames)
        const model = checkPage(scene, assessment, { ...seen, problems: isEmpty ? ['nothing'] : problems })
        return page('assessment/pages/check.njk', model, { status: 400 })
      }
      const isFirst = assessment.completedAt === null
      const completed = await completeAnswers(scene.db, handOf(scene), assessment, assessment.answeredOn ?? scene.today)
      const action = isFirst ? 'assessment.completed' : 'assessment.changed'
      await scene.record(action, { clientId: client.id, subjectId: id, facts: { version: completed.version } })
      if (isFirst) await onCompleted?.(scene, completedOf(completed, client, scene))
      if (isFirst) return redirect(`/clients/${client.id}`, scene.t('assessment.check.completed'))
      return redirect(`/assessments/${id}`, scene.t('assessment.check.changes_saved'))
    }),
  )

  routes.staff('POST', '/assessments/:id/discard', ofAssessment, async (scene, { params }) =>
    changeAssessment(scene, params.id, async (assessment, client) => {
      const state = stateOf(assessment)
      if (state === 'completed') return redirect(`/assessments/${assessment.id}`)
      await discardDraft(scene.db, handOf(scene), assessment)
      await scene.record('assessment.discarded', { clientId: client.id, subjectId: assessment.id, facts: { state } })
      if (state === 'changing')
        return redirect(`/assessments/${assessment.id}`, scene.t('assessment.check.changes_dropped'))
      return redirect(`/clients/${client.id}/assessments`, scene.t('assessment.tasks.discarded'))
    }),
  )

  routes.staff('POST', '/assessments/:id/language', ofAssessment, async (scene, { params, body }) =>
    changeAssessment(scene, params.id, async ({ id, instrument }) => {
      const language = textOf(body, 'language')
      if (languagesOf(instrument).includes(language)) await changeLanguage(scene.db, id, language)
      return redirect(`/assessments/${id}`)
    }),
  )
}

type InAssessment = (assessment: Assessment, client: Client) => Promise<Answer>

/** Opens the assessment through its client's file, as every page of a client is opened. A discarded one is not there. */
async function inAssessment(scene: Scene, id: AssessmentId, work: InAssessment): Promise<Answer> {
  return openAssessment(scene, await findAssessment(scene.db, id), work)
}

/** The same, and keeps it locked while the work goes on: two people who save at once both keep their group. */
async function changeAssessment(scene: Scene, id: AssessmentId, work: InAssessment): Promise<Answer> {
  return openAssessment(scene, await findAssessment(scene.db, id, { forUpdate: true }), work)
}

async function openAssessment(scene: Scene, assessment: Assessment | undefined, work: InAssessment): Promise<Answer> {
  if (!assessment || stateOf(assessment) === 'discarded') return notFound()
  // The file may have been merged into another one since; the way in is through the one that is left.
  const client = (await findClient(scene.db, assessment.clientId)) ?? notFound()
  return inFile(scene, client.id, (opened) => work(assessment, opened))
}

async function seenBy(scene: Scene, client: Client, staffNames: AssessmentHooks['staffNames']) {
  const names = await staffNames(scene.db)
  const staffName: StaffNames = (id) => (id === null ? scene.t('assessment.history.client') : (names.get(id) ?? ''))
  return { clientName: fullName(client), staffName }
}

function completedOf(assessment: Assessment, client: Client, scene: Scene): CompletedAssessment {
  return {
    assessmentId: assessment.id,
    clientId: client.id,
    siteId: client.siteId,
    restrictedTo: client.restrictedTo,
    instrumentUrl: assessment.instrument.url,
    manner: assessment.manner,
    answeredOn: assessment.answeredOn ?? scene.today,
    completedAt: scene.now,
  }
}

function handOf(scene: Scene) {
  return { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now }
}

function shortly(client: Client) {
  return { id: client.id, name: fullName(client), language: client.language }
}

function groupHref(id: AssessmentId, linkId: string): string {
  return `/assessments/${id}/groups/${encodeURIComponent(linkId)}`
}
