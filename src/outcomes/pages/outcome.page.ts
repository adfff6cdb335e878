// Recording how somebody gets on, and what has been said so far.

import { fullName, type Client } from '#clients/index.ts'
import { textOf, type FieldProblem, type FormBody, type PageModel, type Scene } from '#platform/http/index.ts'
import { tellers } from '../outcome.form.ts'
import type { FollowUp } from '../outcomes.store.ts'
import { outcomeKinds, type Statement } from '../statement.ts'

export interface OutcomePageOptions {
  readonly client: Client
  readonly statements: readonly Statement[]
  /** The follow-up that an answer given today would answer. */
  readonly question: FollowUp | undefined
  readonly statementId: string
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

// messages: outcomes.kind.*
// messages: outcomes.source.*
// messages: outcomes.part.*

export function outcomePage(scene: Scene, options: OutcomePageOptions): PageModel {
  const { client, statements, question, body, problems } = options
  return {
    title: scene.t('outcomes.page.title'),
    clientName: fullName(client),
    clientHref: `/clients/${client.id}`,
    action: `/clients/${client.id}/outcome`,
    asks: question ? scene.t('outcomes.page.asks', { months: question.months, day: scene.day(question.dueOn) }) : null,
    mailAction: question && client.email !== null ? `/clients/${client.id}/outcome/mail` : null,
    statementId: textOf(body, 'statement') || options.statementId,
    corrects: textOf(body, 'corrects'),
    kinds: outcomeKinds.map((kind) => ({
      value: kind,
      text: scene.t(`outcomes.kind.${kind}`),
      checked: textOf(body, 'kind') === kind,
    })),
    sources: tellers.map((source) => ({
      value: source,
      text: scene.t(`outcomes.source.${source}`),
      checked: textOf(body, 'source') === source,
    })),
    since: sinceParts(scene, body),
    pay: textOf(body, 'pay'),
    statements: statements.map((statement) => statementRow(scene, statement, statements)),
    problems: scene.problems(problems),
  }
}

export function sinceParts(scene: Pick<Scene, 't'>, body: FormBody) {
  return (['day', 'month', 'year'] as const).map((name) => ({
    name: `since-${name}`,
    label: scene.t(`outcomes.part.${name}`),
    value: textOf(body, `since-${name}`),
    classes: name === 'year' ? 'govuk-input--width-4' : 'govuk-input--width-2',
  }))
}

export interface StatementRow {
  readonly id: string
  readonly text: string
  readonly since: string | null
  readonly said: string
  readonly isCorrected: boolean
}

export function statementRow(scene: Scene, statement: Statement, all: readonly Statement[]): StatementRow {
  return {
    id: statement.id,
    text: scene.t(`outcomes.kind.${statement.kind}`),
    since: statement.since === null ? null : scene.t('outcomes.since', { day: scene.day(statement.since) }),
    said: scene.t('outcomes.said', {
      source: scene.t(`outcomes.source.${statement.source}`),
      day: scene.day(statement.asOf),
    }),
    isCorrected: all.some((other) => other.corrects === statement.id),
  }
}
