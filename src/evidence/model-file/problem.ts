// Why a model's file is not read or a place not written to, and the sentence that says so.

export type ModelProblem =
  | { readonly reason: 'missing' | 'no_model' | 'foreign' | 'newer' | 'other_engine' | 'too_large' | 'card' }
  | { readonly reason: 'damaged'; readonly what: string }

export type PlaceProblem = { readonly reason: 'not_a_model' | 'no_parent' | 'not_writable' }

/** One sentence for a terminal or a log. `place` is how the reader knows it: a folder, or "The model". */
export function describeModelProblem(problem: ModelProblem, place: string): string {
  switch (problem.reason) {
    case 'missing':
      return `There is no folder ${place}.`
    case 'no_model':
      return `${place} holds no learned model: it has no manifest.json and model.bin of Waypost.`
    case 'foreign':
      return `${place} was not written by Waypost's evidence engine.`
    case 'newer':
      return `${place} was written by a newer Waypost. Use that one, or learn again with this.`
    case 'other_engine':
      return `${place} was learned by another version of the engine, whose models this one does not read. Learn again.`
    case 'too_large':
      return `${place} says that it is larger than any model can be, and is not read.`
    case 'card':
      return `${place} has a model card that this Waypost cannot read. Learn again.`
    case 'damaged':
      return `${place} is damaged: ${problem.what}. Take it from a copy, or learn again.`
  }
}

export function describePlaceProblem({ reason }: PlaceProblem, place: string): string {
  switch (reason) {
    case 'not_a_model':
      return `There is something at ${place} that is not a learned model; it is left as it is. Choose another folder.`
    case 'no_parent':
      return `There is no folder in which ${place} could be made.`
    case 'not_writable':
      return `Nothing can be written at ${place}.`
  }
}
