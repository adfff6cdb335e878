// One question about a referral, for the adviser and for the partner: which fields it has, and what was typed into them.

import type { CalendarDay } from '#platform/dates.ts'
import {
  textOf,
  type FieldProblem,
  type FormBody,
  type OtherActor,
  type PageModel,
  type PartnerActor,
  type Scene,
} from '#platform/http/index.ts'
import { isPartnersWord, type Act } from '../act.ts'
import { requirementQuestion, type RequirementChoice } from '../after-decline/decline.scene.ts'
import {
  absenceReasons,
  clientDeclineReasons,
  completionResults,
  earlyEndReasons,
  nextSteps,
  partnerDeclineReasons,
  withdrawReasons,
} from '../reason.ts'
import { meansOfMeeting, spokenChannels, usualMeeting } from '../event.ts'
import type { Referral } from '../referral.ts'

export type AnyScene = Scene | Scene<PartnerActor> | Scene<OtherActor>

/** A field as `pages/fields.njk` draws it. */
type Field =
  | {
      readonly type: 'text' | 'words'
      readonly id: string
      readonly label: string
      readonly hint: string | null
      readonly value: string
    }
  | {
      readonly type: 'day'
      readonly id: string
      readonly label: string
      readonly hint: string | null
      readonly parts: readonly DayPart[]
    }
  | { readonly type: 'choice'; readonly id: string; readonly label: string; readonly items: readonly Choice[] }
  | {
      readonly type: 'decline'
      readonly id: string
      readonly label: string
      readonly items: readonly Choice[]
      /** Asked beneath "not eligible" and "no places". */
      readonly requirement: ReturnType<typeof requirementQuestion>
      readonly again: { readonly label: string; readonly hint: string; readonly parts: readonly DayPart[] }
    }
  | {
      readonly type: 'when'
      readonly id: string
      readonly label: string
      readonly items: readonly Choice[]
      readonly otherDay: string
      readonly parts: readonly DayPart[]
    }

interface DayPart {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly classes: string
}

interface Choice {
  readonly value?: string
  readonly text?: string
  readonly checked?: boolean
  /** Stands between two groups instead of a choice. */
  readonly divider?: string
}

export interface ActPageOptions {
  readonly act: Act
  readonly side: 'adviser' | 'partner'
  readonly referral: Referral
  readonly reference: string
  readonly eventId: string
  readonly back: string
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
  /** What may not be met, when the question is why it is declined. */
  readonly requirements?: readonly RequirementChoice[]
}

// messages: referrals.act.*
// messages: referrals.told.*
// messages: referrals.decline_reason.*
// messages: referrals.absence_reason.*
// messages: referrals.early_end_reason.*
// messages: referrals.withdraw_reason.*
// messages: referrals.result.*
// messages: referrals.next_step.*

/** The page of one question. Keys: `referrals.act.<act>.<side>` asks it, `.button` sends the answer. */
export function actPage(scene: AnyScene, options: ActPageOptions): PageModel {
  const { act, side, reference, eventId, back, referral, body } = options
  const question = scene.t(`referrals.act.${act}.${side}`)
  const isOnBehalf = side === 'adviser' && isPartnersWord(act)
  return {
    title: question,
    reference,
    question,
    fields: [...fieldsOf(scene, options), ...(isOnBehalf ? [toldField(scene, body)] : [])],
    button: scene.t(`referrals.act.${act}.button`),
    eventId: textOf(body, 'event') || eventId,
    seen: textOf(body, 'seen') || String(referral.events.length),
    onBehalf: isOnBehalf ? scene.t('referrals.act.on_behalf') : null,
    back,
    later: laterOf(scene, options),
    problems: scene.problems(options.problems),
  }
}

/** Partners that only phone or fax take part too: what they say is marked by how they said it. */
function toldField(scene: AnyScene, body: FormBody): Field {
  const said = { told: textOf(body, 'told') || 'phone' }
  return choiceField(scene, said, { id: 'told', family: 'told', codes: spokenChannels })
}

function fieldsOf(scene: AnyScene, options: ActPageOptions): readonly Field[] {
  const { act, side, referral, body, problems, requirements } = options
  const words = (required: boolean) => wordsField(scene, body, `referrals.act.${act}.words`, required)
  switch (act) {
    case 'accept':
    case 'appointment':
      return appointmentFields(scene, body, problems)
    case 'wait':
      return [
        dayField(scene, body, {
          id: 'expected',
          label: 'referrals.field.expected',
          hint: 'referrals.field.expected_hint',
        }),
        words(false),
      ]
    case 'ask':
    case 'inform':
    case 'message':
      return [words(true)]
    case 'decline':
      return [declineField(scene, body, { side, requirements }), words(false)]
    case 'attended':
      return [whenField(scene, body, referral)]
    case 'missed':
      return [
        whenField(scene, body, referral),
        choiceField(scene, body, { id: 'reason', family: 'absence_reason', codes: absenceReasons }),
      ]
    case 'completed':
      return [
        choiceField(scene, body, { id: 'result', family: 'result', codes: completionResults }),
        whenField(scene, body, referral),
        words(false),
      ]
    case 'ended-early':
      return [
        choiceField(scene, body, { id: 'reason', family: 'early_end_reason', codes: earlyEndReasons }),
        whenField(scene, body, referral),
        words(false),
      ]
    case 'withdraw':
      return [
        choiceField(scene, body, { id: 'reason', family: 'withdraw_reason', codes: withdrawReasons }),
        words(false),
      ]
    case 'next-step':
      return [choiceField(scene, body, { id: 'step', family: 'next_step', codes: nextSteps }), words(false)]
  }
}

function appointmentFields(scene: AnyScene, body: FormBody, problems: readonly FieldProblem[]): readonly Field[] {
  const means = { means: textOf(body, 'means') || usualMeeting.means }
  const isTwice = textOf(body, 'which') !== '' || problems.some(({ field }) => field === 'which')
  return [
    dayField(scene, body, { id: 'day', label: 'referrals.field.day', hint: 'referrals.field.day_hint' }),
    textField(scene, body, { id: 'time', label: 'referrals.field.time', hint: 'referrals.field.time_hint' }),
    ...(isTwice ? [choiceField(scene, body, { id: 'which', family: 'field.which', codes: ['first', 'second'] })] : []),
    choiceField(scene, means, { id: 'means', family: 'field.means', codes: meansOfMeeting }),
    textField(scene, body, { id: 'place', label: 'referrals.field.place', hint: 'referrals.field.place_hint' }),
    textField(scene, body, { id: 'meeting', label: 'referrals.field.meeting', hint: null }),
  ]
}

/** A yes need not wait for a day: the answer that says so, or the way back where the yes is said already. */
function laterOf(scene: AnyScene, { act, side, referral }: ActPageOptions): { text: string; isAnswer: boolean } | null {
  const isOpen = act === 'accept' || (act === 'appointment' && side === 'partner' && referral.appointment === null)
  return isOpen ? { text: scene.t('referrals.field.later'), isAnswer: act === 'accept' } : null
}

function declineField(
  scene: AnyScene,
  body: FormBody,
  { side, requirements = [] }: Pick<ActPageOptions, 'side' | 'requirements'>,
): Field {
  const choice = (code: string) => choiceOf(scene, body, { id: 'reason', family: 'decline_reason', code })
  return {
    type: 'decline',
    id: 'reason',
    requirement: requirementQuestion(scene, body, requirements),
    again: {
      label: scene.t('referrals.after-decline.again'),
      hint: scene.t('referrals.after-decline.again_hint'),
      parts: dayParts(scene, body, 'again'),
    },
    label: scene.t(`referrals.act.decline.${side}_why`),
    items: [
      ...partnerDeclineReasons.map(choice),
      { divider: scene.t('referrals.act.decline.client_group') },
      ...clientDeclineReasons.map(choice),
    ],
  }
}

function choiceField(
  scene: AnyScene,
  body: FormBody,
  { id, family, codes }: { id: string; family: string; codes: readonly string[] },
): Field {
  return {
    type: 'choice',
    id,
    label: scene.t(`referrals.${family}.question`),
    items: codes.map((code) => choiceOf(scene, body, { id, family, code })),
  }
}

function choiceOf(
  scene: AnyScene,
  body: FormBody,
  { id, family, code }: { id: string; family: string; code: string },
): Choice {
  return { value: code, text: scene.t(`referrals.${family}.${code}`), checked: textOf(body, id) === code }
}

function whenField(scene: AnyScene, body: FormBody, referral: Referral): Field {
  const planned = plannedDay(referral, scene.today)
  // The day that was agreed is nearly always the day it was: with it, attendance is reported in two taps.
  const agreed = planned !== null ? 'planned' : referral.appointment?.day === scene.today ? 'today' : ''
  const said = textOf(body, 'when') || agreed
  const items = [
    {
      value: 'today',
      text: scene.t('referrals.field.when_today', { day: scene.day(scene.today, 'short') }),
      checked: said === 'today',
    },
    ...(planned === null
      ? []
      : [
          {
            value: 'planned',
            text: scene.t('referrals.field.when_planned', { day: scene.day(planned, 'short') }),
            checked: said === 'planned',
          },
        ]),
    { value: 'other', text: scene.t('referrals.field.when_other'), checked: said === 'other' },
  ]
  return {
    type: 'when',
    id: 'when',
    label: scene.t('referrals.field.when'),
    items,
    otherDay: scene.t('referrals.field.on'),
    parts: dayParts(scene, body, 'on'),
  }
}

/** The day of the appointment, where it lies behind us and is not today. */
function plannedDay(referral: Referral, today: CalendarDay): CalendarDay | null {
  const day = referral.appointment?.day ?? null
  return day !== null && day < today ? day : null
}

function wordsField(scene: AnyScene, body: FormBody, key: string, isRequired: boolean): Field {
  const label = scene.t(key)
  return {
    type: 'words',
    id: 'words',
    label: isRequired ? label : scene.t('referrals.field.optional', { label }),
    hint: null,
    value: textOf(body, 'words'),
  }
}

/** A line that may stay empty, and says so. */
function textField(
  scene: AnyScene,
  body: FormBody,
  { id, label, hint }: { id: string; label: string; hint: string | null },
): Field {
  return {
    type: 'text',
    id,
    label: scene.t('referrals.field.optional', { label: scene.t(label) }),
    hint: hint === null ? null : scene.t(hint),
    value: textOf(body, id),
  }
}

function dayField(
  scene: AnyScene,
  body: FormBody,
  { id, label, hint }: { id: string; label: string; hint: string },
): Field {
  return { type: 'day', id, label: scene.t(label), hint: scene.t(hint), parts: dayParts(scene, body, id) }
}

export function dayParts(scene: AnyScene, body: FormBody, id: string): readonly DayPart[] {
  const part = (name: 'day' | 'month' | 'year'): DayPart => ({
    name: `${id}-${name}`,
    label: scene.t(`referrals.field.part_${name}`),
    value: textOf(body, `${id}-${name}`),
    classes: name === 'year' ? 'govuk-input--width-4' : 'govuk-input--width-2',
  })
  return [part('day'), part('month'), part('year')]
}
// messages: referrals.field.*
