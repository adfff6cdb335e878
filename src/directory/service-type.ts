// What kind of help a service is: Waypost's own short list, on which evidence is gathered and services are ranked.

/** In the order in which they are offered. */
export const serviceTypes = [
  'job_search_support',
  'language_training',
  'vocational_training',
  'basic_skills',
  'digital_skills',
  'bridging',
  'work_experience',
  'wage_subsidy',
  'self_employment_support',
  'supported_employment',
  'mentoring',
  'counselling',
  'childcare',
  'legal_advice',
  'health',
  'material_help',
  'other',
] as const

export type ServiceType = (typeof serviceTypes)[number]

export function isServiceType(code: unknown): code is ServiceType {
  return serviceTypes.some((known) => known === code)
}

/** The catalogue key of its name. messages: directory.service_type.* */
export function serviceTypeKey(type: ServiceType | null): string {
  return type === null ? 'directory.service_type.unknown' : `directory.service_type.${type}`
}
