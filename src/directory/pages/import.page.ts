// The import's pages: asking for one, watching it, reading what came of it.

import type { FieldProblem, Scene } from '#platform/http/index.ts'
import type { Finding, ImportReport } from '../import/row.ts'
import type { DirectoryImport } from '../imports.store.ts'

// messages: directory.import.state.*
// messages: directory.import.reason.*
// messages: directory.import.file_problem.*
// messages: directory.import.layout.*

export function importFormPage(
  scene: Scene,
  { imports, source, list }: { imports: readonly DirectoryImport[]; source: string; list: readonly FieldProblem[] },
) {
  const problems = scene.problems(list)
  return {
    title: scene.t('directory.import.title'),
    problems,
    errors: problems.byField,
    source,
    imports: imports.map((one) => ({
      href: `/directory/import/${one.id}`,
      fileName: one.fileName,
      when: scene.moment(one.createdAt),
      state: scene.t(`directory.import.state.${one.state}`),
      tone: toneOf(one),
    })),
  }
}

/** So many findings are shown on a page; the command's report has them all. */
const mostShown = 500

export function importPage(scene: Scene, one: DirectoryImport) {
  const isUnderWay = one.state === 'waiting' || one.state === 'reading' || one.state === 'writing'
  const { report, problem } = one.outcome ?? {}
  return {
    title: scene.t('directory.import.one_title'),
    fileName: one.fileName,
    when: scene.moment(one.createdAt),
    state: scene.t(`directory.import.state.${one.state}`),
    tone: toneOf(one),
    isUnderWay,
    isFailed: one.state === 'failed',
    progress: isUnderWay ? progressWords(scene, one) : null,
    share: one.organizationsTotal ? { done: one.organizationsDone, total: one.organizationsTotal } : null,
    problem: problem
      ? {
          file: problem.file,
          line: problem.line,
          key: `directory.import.file_problem.${problem.reason}`,
          value: problem.value,
        }
      : null,
    report: report ? reportModel(scene, report) : null,
  }
}

function toneOf({ state, outcome }: DirectoryImport): 'good' | 'wait' | 'stop' {
  if (state === 'refused' || state === 'failed') return 'stop'
  if (state !== 'done') return 'wait'
  return (outcome?.report?.refusals.length ?? 0) > 0 ? 'wait' : 'good'
}

function progressWords(scene: Scene, one: DirectoryImport): string {
  if (one.state !== 'writing') return scene.t('directory.import.reading', { lines: one.linesRead })
  return scene.t('directory.import.writing', { done: one.organizationsDone, total: one.organizationsTotal ?? 0 })
}

function reportModel(scene: Scene, report: ImportReport) {
  const { added, changed, unchanged, gone, refused, services, locations } = report
  const row = (
    key: string,
    counts: { added: number; changed: number; unchanged: number; gone: number },
    refusals: number | null,
  ) => ({
    name: scene.t(key),
    numbers: [counts.added, counts.changed, counts.unchanged, counts.gone, refusals ?? ''],
  })
  const shown = (findings: readonly Finding[]) => findings.slice(0, mostShown).map(findingRow)
  const left = report.refusalsNotListed + Math.max(0, report.refusals.length - mostShown)
  return {
    summary: {
      source: report.source,
      lines: report.lines,
      layout: scene.t(`directory.import.layout.${report.layout}`),
    },
    rows: [
      row('directory.import.organizations', { added, changed, unchanged, gone }, refused),
      row('directory.import.services', services, null),
      row('directory.import.locations', locations, null),
    ],
    gone: gone + services.gone > 0 ? scene.t('directory.import.gone_about') : null,
    refusals: shown(report.refusals),
    left: left > 0 ? scene.t('directory.import.left', { count: left }) : null,
    notices: shown(report.notices),
  }
}

function findingRow({ organization, organizationName, file, line, field, reason, value }: Finding) {
  return {
    organization: organizationName ?? organization,
    file,
    line,
    field,
    key: `directory.import.reason.${reason}`,
    value,
  }
}
