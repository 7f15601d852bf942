import type { AnswerBasis } from '../../shared/search-trace.ts'
import { questionLanguage } from './question-language.ts'

/**
 * From this closeness on a passage may answer a question in a library of some size. Set on the first halves of clapnq-a and cmrc2018, so that
 * 2 % of the questions which their libraries answer are refused (docs/decisions, retrieval); `npm run bench:refusal` reports the second halves.
 */
const closeEnoughInMany = 0.27
/** The same where a single chunk is searched, and what ten times as many add. */
const closeEnoughInOne = 0.13
const addedByTenfold = 0.054

/**
 * From this closeness on a passage may answer a question that was searched among `chunkCount` chunks. Among many some come near any
 * question by chance, among a few hardly one does: so that 5 % of foreign questions pass at every size.
 */
export function closeEnoughAmong(chunkCount: number): number {
  return Math.min(closeEnoughInMany, closeEnoughInOne + addedByTenfold * Math.log10(Math.max(1, chunkCount)))
}

/** A passage whose meaning could not be compared is judged by its words: how much more they then count. */
const wordsAloneFactor = 1.5

/**
 * How close a passage is where only its words could be compared: it is not embedded yet, the embedder failed, or does not know
 * its script. `coverage` 0..1. @returns 0..1
 */
export function closenessByWords(coverage: number | null): number {
  return Math.min(1, (coverage ?? 0) * wordsAloneFactor)
}

/** Whether Carrel says that nothing is close enough, instead of an answer. */
export function isRefused(
  search: { readonly basis: AnswerBasis; readonly isClose: boolean },
  hasModel: boolean,
): boolean {
  if (search.isClose || search.basis === 'anyway') return false
  // What a model knows by itself takes a model.
  return search.basis === 'documents' || !hasModel
}

/** What is said then, in the question's language. */
export function refusalText(question: string, documentCount: number): string {
  if (questionLanguage(question) === 'zh')
    return documentCount === 0
      ? '资料库里还没有可以检索的文档。请先添加文档，再提问。'
      : `在 ${documentCount.toLocaleString('en')} 份文档中检索，没有足够接近的内容。`
  if (documentCount === 0) return 'The library holds no document that can be searched yet. Add some, then ask again.'
  return `Nothing close enough in ${documentCount.toLocaleString('en')} ${documentCount === 1 ? 'document' : 'documents'} searched.`
}
