// The part of FHIR R4 that Waypost reads and writes (hl7.org/fhir/R4/questionnaire.html, …/questionnaireresponse.html).

/** Extensions that Waypost follows. Those that begin with `urn:waypost` are its own: which fact of the profile an item or
 *  an option fills, which questions the short conversation asks; and in a response who told an answer, and a note on it. */
export const extensions = {
  ordinal: 'http://hl7.org/fhir/StructureDefinition/ordinalValue',
  translation: 'http://hl7.org/fhir/StructureDefinition/translation',
  minimum: 'http://hl7.org/fhir/StructureDefinition/minValue',
  maximum: 'http://hl7.org/fhir/StructureDefinition/maxValue',
  entryFormat: 'http://hl7.org/fhir/StructureDefinition/entryFormat',
  exclusive: 'http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive',
  fact: 'urn:waypost:fact',
  desk: 'urn:waypost:desk',
  told: 'urn:waypost:told',
  note: 'urn:waypost:note',
} as const

/** Why an answer is absent: `asked-declined` (prefers not to say) and `asked-unknown` (does not know). */
export const dataAbsentReason = 'http://terminology.hl7.org/CodeSystem/data-absent-reason'

// These change what an item means or when it shows; leaving them out of account would ask something else than its author wrote.
const behaviours = [
  ...[
    'hidden',
    'constraint',
    'minOccurs',
    'maxOccurs',
    'referenceFilter',
    'optionPrefix',
    'unitOption',
    'unitValueSet',
  ].map((name) => `http://hl7.org/fhir/StructureDefinition/questionnaire-${name}`),
  ...['minOccurs', 'maxOccurs', 'minLength', 'regex', 'maxDecimalPlaces', 'variable', 'cqf-expression'].map(
    (name) => `http://hl7.org/fhir/StructureDefinition/${name}`,
  ),
]

/** Whether an extension makes a question work in a way that Waypost does not offer (a formula, a hidden item). */
export function changesBehaviour(url: string): boolean {
  return behaviours.includes(url) || /^http:\/\/hl7\.org\/fhir\/uv\/sdc\/.+(Expression|Constraint|Occurs)$/i.test(url)
}

interface Coding {
  readonly system?: string
  readonly code?: string
  readonly display?: string
}

export interface ResponseExtension {
  readonly url: string
  readonly valueCode?: string
  readonly valueDate?: string
  readonly valueString?: string
  readonly extension?: readonly ResponseExtension[]
}

export interface ResponseAnswer {
  readonly valueBoolean?: boolean
  readonly valueDecimal?: number
  readonly valueInteger?: number
  readonly valueDate?: string
  readonly valueString?: string
  readonly valueCoding?: Coding
  readonly item?: readonly ResponseItem[]
}

export interface ResponseItem {
  readonly extension?: readonly ResponseExtension[]
  readonly linkId: string
  readonly answer?: readonly ResponseAnswer[]
  readonly item?: readonly ResponseItem[]
}

export interface QuestionnaireResponse {
  readonly resourceType: 'QuestionnaireResponse'
  readonly questionnaire: string
  readonly status: 'in-progress' | 'completed' | 'amended'
  readonly authored: string
  readonly language?: string
  readonly item: readonly ResponseItem[]
}
