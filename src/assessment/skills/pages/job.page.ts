// A job beside a client's skills: what is on their list, what is not, who may teach it, and what else is near.

import { fullName, type Client } from '#clients/index.ts'
import { serviceTypeKey } from '#directory/index.ts'
import { licencePanel, type LabourMarket, type NeededSkill, type Occupation } from '#occupations/index.ts'
import type { Scene } from '#platform/http/index.ts'
import type { JobFacts } from '../job-facts.scene.ts'
import type { SkillEntry } from '../skill-entry.ts'

// messages: assessment.skills.earnings.*

/** Those missing that are shown at once; the rest is one click away. */
const firstShown = 10

interface Showing {
  readonly entry: SkillEntry
  readonly occupation: Occupation
  readonly facts: JobFacts
}

export function jobPage(scene: Scene, client: Client, { entry, occupation, facts }: Showing) {
  const { has, missing, related, markets, ownSkills } = facts
  const base = `/clients/${client.id}/skills`
  const gaps = missing.map((skill) => gapRow(scene, skill, facts))
  return {
    title: scene.t(entry.kind === 'job_aim' ? 'assessment.skills.aim_title' : 'assessment.skills.held_title'),
    clientName: fullName(client),
    backHref: base,
    tickHref: `${base}/${entry.id}/tick`,
    chooseHref: `${base}/${entry.id}/occupation`,
    isAim: entry.kind === 'job_aim',
    said: entry.words,
    occupation: { name: occupation.name, language: occupation.language, description: occupation.description },
    market: marketLines(scene, markets.get(occupation.id)),
    standing: scene.t('assessment.skills.has_of', { has: has.length, all: has.length + missing.length }),
    hasSkills: has.length + missing.length > 0,
    has: has.map(({ name, language }) => ({ name, language })),
    gaps: gaps.slice(0, firstShown),
    moreGaps: gaps.slice(firstShown),
    moreGapsText: scene.t('assessment.skills.more_gaps', { count: Math.max(0, gaps.length - firstShown) }),
    relatedLead:
      ownSkills > 0
        ? scene.t('assessment.skills.related_own', { count: ownSkills })
        : scene.t('assessment.skills.related_job'),
    related: related.map((one) => ({
      name: one.name,
      language: one.language,
      shared: scene.t('assessment.skills.shared', { shared: one.shared, needed: one.needed }),
      market: marketLines(scene, markets.get(one.id)),
    })),
    licence: licencePanel(scene, [occupation, ...related, ...has, ...missing]),
  }
}

function gapRow(scene: Scene, skill: NeededSkill, { teachers }: JobFacts) {
  return {
    name: skill.name,
    language: skill.language,
    isEssential: skill.relation === 'essential',
    services: (teachers.get(skill.id) ?? []).map(({ service, words }) => ({
      href: `/services/${service.id}`,
      name: service.name,
      organization: service.organizationName,
      type: scene.t(serviceTypeKey(service.serviceType)),
      how:
        words.length > 0
          ? scene.t('assessment.skills.by_words', { words: words.join(', ') })
          : scene.t('assessment.skills.by_kind'),
    })),
  }
}

/** Growth and earnings, each with who says so and when; null where nothing was imported. */
function marketLines(scene: Scene, market: LabourMarket | undefined) {
  if (!market) return null
  const { growth, earnings, isInDemand, source, asOf, area } = market
  return {
    lines: [
      ...(isInDemand === true ? [scene.t('assessment.skills.in_demand')] : []),
      ...(isInDemand === false ? [scene.t('assessment.skills.not_in_demand')] : []),
      ...(growth === null
        ? []
        : [scene.t('assessment.skills.growth', { percent: signed(scene, growth.percent), years: growth.years })]),
      ...(earnings === null
        ? []
        : [scene.t(`assessment.skills.earnings.${earnings.per}`, { amount: amountOf(scene, earnings) })]),
    ],
    source,
    area,
    day: scene.day(asOf),
  }
}

function signed(scene: Scene, percent: number): string {
  const format = new Intl.NumberFormat(readersLocale(scene), { signDisplay: 'exceptZero', maximumFractionDigits: 1 })
  return scene.words.formatted(format.format(percent))
}

function amountOf(scene: Scene, { cents, currency, per }: { cents: number; currency: string; per: string }): string {
  const digits = per === 'hour' ? 2 : 0
  const format = new Intl.NumberFormat(readersLocale(scene), {
    ...{ style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits },
  })
  return scene.words.formatted(format.format(cents / 100))
}

/** The pseudo-locale is English in another dress. */
function readersLocale({ locale }: Scene): string {
  return /-X[AB]$/.test(locale) || locale === 'en' ? 'en-GB' : locale
}
