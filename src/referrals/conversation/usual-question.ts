// Questions that advisers ask again and again: chosen with one press, changed before they are sent.

export const usualQuestions = ['still_place', 'came', 'how_going', 'bring'] as const
export type UsualQuestion = (typeof usualQuestions)[number]

/** The draft with the question at its end; the same question is not put there twice. */
export function withQuestion(draft: string, question: string): string {
  if (draft === '') return question
  return draft.includes(question) ? draft : `${draft}\n${question}`
}
