// Forty invented partners with a hundred services, each with what an adviser would ask for.

import type { AccessibilityCode, Rule, ServiceType } from '#directory/index.ts'
import type { Random } from '#numerics/index.ts'
import { demoAreas } from './region.ts'

export interface DemoService {
  readonly name: string
  readonly type: ServiceType
  readonly description: string
  readonly languages: readonly string[]
  readonly accessibility: readonly AccessibilityCode[]
  readonly isFree: boolean
  readonly placesFree: number | null
  /** Days from today to the next start; null: starts at any time. */
  readonly startsInDays: number | null
  readonly days: readonly string[]
  readonly opens: string
  readonly closes: string
  readonly eligibility: string | null
  readonly requirements: readonly Rule[]
}

export interface DemoOrganization {
  readonly name: string
  readonly description: string
  readonly email: string
  readonly phone: string
  readonly area: string
  readonly address: string
  readonly services: readonly DemoService[]
}

interface Kind {
  readonly type: ServiceType
  readonly names: readonly string[]
  readonly description: string
  readonly eligibility: string | null
  readonly requirements: readonly Rule[]
}

const kinds: readonly Kind[] = [
  {
    type: 'job_search_support',
    names: ['Job club', 'Applications workshop', 'Interview practice', 'One-to-one job coaching', 'Jobs and tea'],
    description: 'Finding openings, writing applications, practising the talk with an employer.',
    eligibility: null,
    requirements: [],
  },
  {
    type: 'language_training',
    names: [
      'English for work',
      'English in the evening',
      'Reading and writing English',
      'English with childcare',
      'Talk and walk',
    ],
    description: 'Small groups, four to twelve hours a week, with a placement test at the start.',
    eligibility: 'For people who want to learn the language.',
    requirements: [{ kind: 'need', anyOf: ['language'] }],
  },
  {
    type: 'vocational_training',
    names: [
      'Welding course',
      'Care certificate',
      'Kitchen skills',
      'Warehouse and forklift',
      'Electrical assistant',
      'Office skills',
      'Bricklaying start',
      'Cleaning and hygiene certificate',
    ],
    description: 'A recognised certificate, with practice in a workshop and two weeks at an employer.',
    eligibility: 'Spoken English at A2 or above.',
    requirements: [
      { kind: 'language', atLeast: 'A2' },
      { kind: 'work_permission', accepts: ['yes', 'limited'] },
    ],
  },
  {
    type: 'work_experience',
    names: [
      'Four weeks on the job',
      'Placement in care',
      'Placement in retail',
      'Community kitchen placement',
      'Garden team',
    ],
    description: 'A real workplace, a named person beside you, a reference at the end.',
    eligibility: 'Allowed to work.',
    requirements: [{ kind: 'work_permission', accepts: ['yes', 'limited'] }],
  },
  {
    type: 'wage_subsidy',
    names: ['Back to work bonus', 'Hiring help for employers', 'Six months in'],
    description: 'Part of the wage is paid for six months while you learn the job.',
    eligibility: 'Out of work for at least six months, and allowed to work.',
    requirements: [
      { kind: 'months_unemployed', atLeast: 6 },
      { kind: 'work_permission', accepts: ['yes'] },
    ],
  },
  {
    type: 'bridging',
    names: ['Bridge to nursing', 'Engineers’ bridge', 'Teachers’ bridge', 'Recognition advice and bridge'],
    description:
      'For people with a profession from abroad: recognition, technical language, a mentor from the profession.',
    eligibility: 'A professional certificate from abroad; English at B1 or above.',
    requirements: [
      { kind: 'yes_no', fact: 'credential_abroad', is: true },
      { kind: 'language', atLeast: 'B1' },
    ],
  },
  {
    type: 'supported_employment',
    names: ['Work with support', 'Place and train', 'Steady steps'],
    description:
      'A job coach before and after the start, as long as it takes. For people whose health makes work harder.',
    eligibility: 'A health need that work has to fit.',
    requirements: [{ kind: 'need', anyOf: ['health'] }],
  },
  {
    type: 'self_employment_support',
    names: ['Start your own', 'Business plan clinic'],
    description: 'From the idea to the first customer: plan, money, rules, a mentor.',
    eligibility: 'Eighteen or older.',
    requirements: [{ kind: 'age', from: 18 }],
  },
  {
    type: 'digital_skills',
    names: ['First steps online', 'Office software', 'Phone and forms'],
    description: 'From switching on to sending an application.',
    eligibility: null,
    requirements: [],
  },
  {
    type: 'childcare',
    names: ['Drop-in nursery', 'After-school club'],
    description: 'Childcare by the hour for people in training.',
    eligibility: null,
    requirements: [],
  },
  {
    type: 'counselling',
    names: ['Debt advice', 'Someone to talk to'],
    description: 'Free and confidential.',
    eligibility: null,
    requirements: [],
  },
]

const first = [
  'Alder',
  'Bridge',
  'Castle',
  'Dale',
  'Estuary',
  'Fern',
  'Green Door',
  'Harbour',
  'Islander',
  'Juniper',
  'Keystone',
  'Lantern',
  'Meadow',
  'New Leaf',
  'Open Hands',
  'Pathfinder',
  'Quayside',
  'Riverbank',
  'Stepping Stones',
  'Tidewater',
] as const
const second = [
  'Trust',
  'College',
  'Workshops',
  'Community Centre',
  'Foundation',
  'Skills',
  'Works',
  'Partnership',
  'Association',
  'Academy',
] as const
const street = ['Canal Street', 'Mill Lane', 'Orchard Road', 'Bank Street', 'Tanner Row', 'Ferry Lane'] as const
const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR'] as const
const otherLanguages = ['ar', 'uk', 'fa', 'pl', 'so', 'ti', 'pt', 'tr'] as const

/** The same partners for the same random stream: forty, with a hundred services between them. */
export function drawOrganizations(random: Random): DemoOrganization[] {
  const organizations = Array.from({ length: 40 }, (_, index) => {
    const name = `${first[index % first.length]} ${second[(index * 7 + (index >= first.length ? 3 : 0)) % second.length]}`
    const area = demoAreas[random.below(demoAreas.length)] ?? demoAreas[0]
    const count = index < 20 ? 3 : 2
    const services = Array.from({ length: count }, (_each, nth) => drawService(random, index * 3 + nth))
    return {
      name,
      description: `${name} has served the region for ${3 + random.below(30)} years.`,
      email: `referrals@${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.example.org`,
      phone: `01632 960${String(200 + index).padStart(3, '0')}`,
      area: area?.code ?? 'A1',
      address: `${1 + random.below(80)} ${street[random.below(street.length)]}`,
      services,
    }
  })
  return organizations
}

function drawService(random: Random, nth: number): DemoService {
  const kind = kinds[kindOf(nth)] ?? kinds[0]!
  const isEvening = random.uniform() < 0.15
  const dayCount = 2 + random.below(4)
  return {
    name: kind.names[random.below(kind.names.length)] ?? kind.names[0]!,
    type: kind.type,
    description: kind.description,
    languages: ['en', ...otherLanguages.filter(() => random.uniform() < 0.14)],
    accessibility: (['step_free', 'hearing_loop', 'quiet_room', 'toilet'] as const).filter(
      () => random.uniform() < 0.5,
    ),
    isFree: random.uniform() < 0.85,
    placesFree: random.uniform() < 0.15 ? null : random.below(9),
    startsInDays: random.uniform() < 0.35 ? null : 3 + random.below(60),
    days: weekdays.slice(0, dayCount),
    opens: isEvening ? '17:30' : '09:00',
    closes: isEvening ? '20:30' : random.uniform() < 0.5 ? '12:30' : '16:30',
    eligibility: kind.eligibility,
    requirements: kind.requirements,
  }
}

/** Every kind is there several times; the common ones more often. */
function kindOf(nth: number): number {
  const pattern = [0, 1, 2, 2, 3, 4, 5, 6, 1, 0, 2, 7, 8, 3, 2, 9, 10, 6, 4, 1, 5, 8, 0, 2]
  return pattern[nth % pattern.length] ?? 0
}
