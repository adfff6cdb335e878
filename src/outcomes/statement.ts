// What somebody said about a client's work, and what that says about one day. Statements disagree; the rule is here.

import { addDays, type CalendarDay } from '#platform/dates.ts'
import type { Id } from '#platform/ids.ts'

export type StatementId = Id<'outcome_statement'>

/** What can be told of a person. `no_pay` comes from wage records alone: a period in which no pay was reported. */
export const outcomeKinds = ['working', 'training', 'still_looking', 'not_looking', 'lost_touch'] as const
export type OutcomeKind = (typeof outcomeKinds)[number]
export type StatementKind = OutcomeKind | 'no_pay'

/** Who said so, the strongest word first. */
export const statementSources = ['client', 'employer', 'partner', 'adviser', 'wage_record'] as const
export type StatementSource = (typeof statementSources)[number]

export interface Statement {
  readonly id: StatementId
  readonly kind: StatementKind
  /** Since when it is so; null when nobody knows. */
  readonly since: CalendarDay | null
  /** The day that it speaks of: the day it was said, or the last day of a wage record's period. */
  readonly asOf: CalendarDay
  readonly source: StatementSource
  readonly monthlyEarningsCents: number | null
  readonly recordedAt: Date
  /** An earlier statement that this one puts right. */
  readonly corrects: StatementId | null
}

export interface StatusOnDay {
  readonly isWorking: boolean
  readonly inTraining: boolean
  readonly source: StatementSource
  readonly statementId: StatementId
  readonly monthlyEarningsCents: number | null
  /** Somebody else said otherwise about the same day. */
  readonly isContradicted: boolean
}

/** What was true a month before is taken for the day, and so is what is heard of it up to two months later. */
const daysBefore = 30
const daysAfter = 60

/**
 * Was the person working on that day? Null when nothing that was said speaks of it: lost touch is missing, never "not
 * working". Where statements disagree: pay on record for the day settles it; else what covers the day beats what was said
 * near it; else the client's own word beats the employer's, the partner's and the adviser's; else the one recorded last.
 * A record without pay counts only when nobody said anything, since pay records miss the self-employed and other places.
 */
export function statusOn(day: CalendarDay, statements: readonly Statement[]): StatusOnDay | null {
  const corrected = new Set(statements.map((statement) => statement.corrects))
  const readings = statements
    .filter((statement) => !corrected.has(statement.id))
    .flatMap((statement) => readingOf(statement, day) ?? [])
    .sort(byWeight)
  const [best] = readings
  if (best === undefined) return null
  return {
    isWorking: best.isWorking,
    inTraining: best.statement.kind === 'training',
    source: best.statement.source,
    statementId: best.statement.id,
    monthlyEarningsCents: best.isWorking ? best.statement.monthlyEarningsCents : null,
    isContradicted: readings.some(
      (reading) => reading.isWorking !== best.isWorking && reading.statement.kind !== 'no_pay',
    ),
  }
}

interface Reading {
  readonly statement: Statement
  readonly isWorking: boolean
  readonly coversDay: boolean
}

function readingOf(statement: Statement, day: CalendarDay): Reading | null {
  if (statement.kind === 'lost_touch') return null
  const { since, asOf, kind } = statement
  const isWorking = kind === 'working'
  if (since !== null && since <= day && day <= asOf) return { statement, isWorking, coversDay: true }
  const isNear = asOf >= addDays(day, -daysBefore) && asOf <= addDays(day, daysAfter)
  // A record of pay speaks of its own period and of no other day.
  if (!isNear || statement.source === 'wage_record') return null
  // Work that began after the day was not yet there on the day; training that began later says nothing of it.
  if (since !== null && since > day) return isWorking ? { statement, isWorking: false, coversDay: false } : null
  return { statement, isWorking, coversDay: false }
}

function byWeight(a: Reading, b: Reading): number {
  return (
    Number(isPayOnRecord(b)) - Number(isPayOnRecord(a)) ||
    Number(a.statement.kind === 'no_pay') - Number(b.statement.kind === 'no_pay') ||
    Number(b.coversDay) - Number(a.coversDay) ||
    statementSources.indexOf(a.statement.source) - statementSources.indexOf(b.statement.source) ||
    b.statement.recordedAt.getTime() - a.statement.recordedAt.getTime() ||
    (a.statement.id < b.statement.id ? 1 : -1)
  )
}

function isPayOnRecord(reading: Reading): boolean {
  return reading.statement.source === 'wage_record' && reading.isWorking
}
