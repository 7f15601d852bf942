import type { TranslationLanguage } from './condenser.ts'
import { questionLanguage } from './question-language.ts'

/** A smaller part of the library is not worth a model call on every question. */
const smallestShare = 0.1

/**
 * The language a question should also be searched in: the library speaks it to a meaningful part, and the question does not.
 * Null: languages match, or Carrel cannot tell (another script, a library of neither language).
 */
export function translationTarget(
  question: string,
  chunksByLanguage: ReadonlyMap<string, number>,
): TranslationLanguage | null {
  const asked = questionLanguage(question)
  if (asked !== 'zh' && asked !== 'latin') return null
  const target = asked === 'zh' ? 'en' : 'zh'
  const known = [...chunksByLanguage].filter(([language]) => language !== 'und')
  const total = known.reduce((sum, [, chunks]) => sum + chunks, 0)
  const share = (chunksByLanguage.get(target) ?? 0) / Math.max(1, total)
  return share >= smallestShare ? target : null
}
