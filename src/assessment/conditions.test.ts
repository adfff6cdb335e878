import fc from 'fast-check'
import { expect, it } from 'vitest'
import { enabledItems, withAnswers, type Answer, type Answers } from './answers.ts'
import { everyItem, pagesOf, questionsOf, type InstrumentPage } from './instrument.ts'
import { anyAnswered, anyAnswersTo } from './instrument.factory.ts'
import { ruleOf } from './pages/group.page.ts'

type Rule = ReturnType<typeof ruleOf>
interface Script {
  shownAmong(rules: ReadonlyMap<string, Rule>, answersTo: (linkId: string) => readonly unknown[]): ReadonlySet<string>
}
const script = (await import(new URL('./assets/conditions.js', import.meta.url).href)) as Script

it('the script shows the same questions that the server would ask, whatever is answered on the page', () => {
  const asked = anyAnswered.chain(({ instrument, answers }) =>
    anyAnswersTo(instrument).map((typed) => ({ instrument, answers, typed })),
  )
  fc.assert(
    fc.property(asked, ({ instrument, answers, typed }) => {
      const saved = enabledItems(instrument, answers)
      for (const page of pagesOf(instrument)) {
        // A page that is not asked is never open.
        if (page.group && !saved.has(page.group.linkId)) continue
        const here = questionsOf(page.items).map(({ linkId }) => linkId)
        const changed = withAnswers(answers, new Map(here.map((linkId) => [linkId, typed.get(linkId) ?? []])))
        const shown = script.shownAmong(rulesOf(page, answers, saved), (linkId) =>
          (typed.get(linkId) ?? []).map(asScript),
        )
        const onPage = new Set([...everyItem(page.items)].map(({ item }) => item.linkId))
        const expected = new Set([...enabledItems(instrument, changed)].filter((linkId) => onPage.has(linkId)))
        expect(new Set(shown)).toEqual(expected)
      }
    }),
  )
})

function rulesOf(page: InstrumentPage, answers: Answers, enabled: ReadonlySet<string>): ReadonlyMap<string, Rule> {
  const here = new Set([...everyItem(page.items)].map(({ item }) => item.linkId))
  return new Map(
    [...everyItem(page.items, page.group)].map(({ item, parent }) => [
      item.linkId,
      ruleOf(item, parent, { answers, enabled, here }),
    ]),
  )
}

/** An answer as the script reads it from the form. */
function asScript(answer: Answer): unknown {
  switch (answer.kind) {
    case 'text':
    case 'other':
      return answer.text
    case 'number':
      return answer.number
    case 'yes_no':
      return answer.yes
    case 'date':
      return answer.date
    case 'option':
      return answer.key
  }
}
