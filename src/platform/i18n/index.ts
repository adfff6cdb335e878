export { readCatalogues, isRightToLeft, type Catalogues, type MessageValues, type Words } from './catalogue.ts'
export { pseudoLocale } from './pseudo.ts'
export { localeChoices } from './locale-choices.ts'
