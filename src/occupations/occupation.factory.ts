// Small releases of classifications as files in a folder of their own, for tests.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Writes the files into a fresh folder and gives its path. */
export function aFolder(files: Readonly<Record<string, string>>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-occupations-'))
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text)
  return folder
}

const occupation = (name: string) => `http://data.europa.eu/esco/occupation/${name}`
const skill = (name: string) => `http://data.europa.eu/esco/skill/${name}`

/** A release after ESCO's published layout: four occupations in English and German, their skills, what needs what. */
export const escoFiles: Readonly<Record<string, string>> = {
  'occupations_en.csv': `\uFEFFconceptType,conceptUri,iscoGroup,preferredLabel,altLabels,status,description
Occupation,${occupation('cook')},5120,cook,"chef
kitchen cook",released,"Cooks prepare, and serve, food."
Occupation,${occupation('baker')},7512,baker,"bread maker
baker of bread",released,Bakers make bread.
Occupation,${occupation('electrician')},7411,electrician,"electrical fitter",released,Electricians fit wires.
Occupation,${occupation('nurse')},2221,nurse responsible for general care,"nurse",released,Nurses care.
Occupation,${occupation('old')},9999,lamplighter,,obsolete,
`,
  'occupations_de.csv': `conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,status,description
Occupation,${occupation('cook')},5120,Koch/Köchin,"Küchenchef
Köchin",released,
Occupation,${occupation('baker')},7512,Bäcker/Bäckerin,,released,
Occupation,${occupation('nurse')},2221,Gesundheits- und Krankenpfleger,"Krankenschwester",released,
`,
  'skills_en.csv': `conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,status
KnowledgeSkillCompetence,${skill('hygiene')},knowledge,cross-sector,food hygiene,,released
KnowledgeSkillCompetence,${skill('cook')},skill/competence,occupation-specific,cook meals,,released
KnowledgeSkillCompetence,${skill('dough')},skill/competence,occupation-specific,make dough,,released
KnowledgeSkillCompetence,${skill('wires')},skill/competence,occupation-specific,install wiring,,released
KnowledgeSkillCompetence,${skill('english')},knowledge,transversal,English,,released
`,
  'skills_de.csv': `conceptType,conceptUri,skillType,preferredLabel,status
KnowledgeSkillCompetence,${skill('hygiene')},knowledge,Lebensmittelhygiene,released
`,
  'languageSkillsCollection_en.csv': `conceptType,conceptUri,skillType,preferredLabel,broaderConceptUri
KnowledgeSkillCompetence,${skill('english')},knowledge,English,x
`,
  'occupationSkillRelations_en.csv': `occupationUri,relationType,skillType,skillUri
${occupation('cook')},essential,knowledge,${skill('hygiene')}
${occupation('cook')},essential,skill/competence,${skill('cook')}
${occupation('cook')},optional,knowledge,${skill('english')}
${occupation('baker')},essential,knowledge,${skill('hygiene')}
${occupation('baker')},essential,skill/competence,${skill('dough')}
${occupation('baker')},optional,knowledge,${skill('english')}
${occupation('electrician')},essential,skill/competence,${skill('wires')}
`,
  'skillsHierarchy_en.csv': 'Level 0 URI,Level 0 preferred term\n',
}

/** A release after O*NET's published layout. */
export const onetFiles: Readonly<Record<string, string>> = {
  'Occupation Data.txt':
    'O*NET-SOC Code\tTitle\tDescription\n' +
    '29-1141.00\tRegistered Nurses\tAssess "patient" health problems.\n' +
    '35-2014.00\tCooks, Restaurant\tPrepare soups.\n',
  'Alternate Titles.txt':
    'O*NET-SOC Code\tTitle\tAlternate Title\tShort Title\tSource(s)\n' +
    '29-1141.00\tRegistered Nurses\tStaff Nurse\tn/a\t02\n' +
    '35-2014.00\tCooks, Restaurant\tLine Cook\tCook\t02\n',
  'Skills.txt':
    'O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tN\tRecommend Suppress\n' +
    '29-1141.00\t2.A.1.b\tActive Listening\tIM\t4.12\t8\tN\n' +
    '29-1141.00\t2.A.1.b\tActive Listening\tLV\t4.50\t8\tN\n' +
    '29-1141.00\t2.A.1.e\tMathematics\tIM\t3.00\t8\tN\n' +
    '29-1141.00\t2.B.3.b\tTechnology Design\tIM\t1.75\t8\tN\n' +
    '35-2014.00\t2.A.1.b\tActive Listening\tIM\t3.62\t8\tN\n' +
    '35-2014.00\t2.A.1.e\tMathematics\tIM\t4.00\t8\tY\n',
}
