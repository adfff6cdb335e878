// A learned model as a file or as bytes: written whole, read only when every byte is as it was written.

export { reportCard } from './card.report.ts'
export { packModelBytes, unpackModelBytes, type Manifest, type ModelFile } from './container.bytes.ts'
export { keepEngineModel, readEngineModel } from './engine-model.bytes.ts'
export { checkModelPlace, readModelFile, writeModelFile } from './model-folder.file.ts'
export { describeModelProblem, describePlaceProblem, type ModelProblem, type PlaceProblem } from './problem.ts'
export { putTogether, takeApart, type Section } from './sections.ts'
export {
  ReaderGone,
  rowsInBlock,
  writePredictions,
  type PredictedBlock,
  type PredictionOrder,
} from './write-predictions.run.ts'
