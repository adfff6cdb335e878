// What features use of the web platform.

export { page, redirect, file, type Answer, type PageModel } from './answer.ts'
export { notFound, notAllowed } from './errors.ts'
export {
  readForm,
  readDay,
  requiredText,
  optionalText,
  optionalInteger,
  oneOf,
  someOf,
  ticked,
  idOf,
  textOf,
  textsOf,
  type FieldProblem,
  type FormBody,
} from './form.ts'
export {
  noProblems,
  type Mail,
  type Network,
  type OtherActor,
  type PartnerActor,
  type Scene,
  type ShownProblems,
  type StaffActor,
  type Work,
} from './scene.ts'
export { type Routes, type Input } from './routes.ts'
export { partnerEntrance, signInAddress, staffEntrance, type Entrance } from './entrance.ts'
export type { Panel } from '../ui/render.ts'
export type { Upload } from './upload.ts'
