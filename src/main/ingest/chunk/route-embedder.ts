import type { EmbedderId } from '../../ports/embedding.ts'
import { isChinese, isJapanese, profileScripts, type ScriptProfile } from './script-profile.ts'

/** Chinese goes to bge-small-zh-v1.5, everything else to all-MiniLM-L6-v2. */
export function routeEmbedder(profile: ScriptProfile): EmbedderId {
  return isChinese(profile) ? 'bge-small-zh-v1.5' : 'all-MiniLM-L6-v2'
}

/**
 * The embedders that a question is searched with, best first. The question's language picks one (architecture, fact 8);
 * both only where it speaks both: at least two Chinese characters beside at least two Latin words that are not just one
 * name ("Transformers.js 怎么加载 embedding model" asks both, "Steve Jobs 在哪里出生" only the Chinese one).
 */
export function routeQuestion(question: string): readonly EmbedderId[] {
  const profile = profileScripts(question)
  const first = routeEmbedder(profile)
  if (profile.han < 2 || isJapanese(profile) || !saysSomethingInLatin(question)) return [first]
  return ['all-MiniLM-L6-v2', 'bge-small-zh-v1.5'].sort((one) => (one === first ? -1 : 1)) as EmbedderId[]
}

/** Two or more Latin words, not all of them capitalised words or codes in one row. */
function saysSomethingInLatin(question: string): boolean {
  const runs = question.match(/[\p{Script=Latin}\p{N}][\p{Script=Latin}\p{N}\p{M}.'’ _-]*/gu) ?? []
  const words = runs.flatMap((run) => run.split(/[ _]+/).filter((word) => /\p{Script=Latin}{2}/u.test(word)))
  if (words.length < 2) return false
  const isOneRow = runs.filter((run) => /\p{Script=Latin}{2}/u.test(run)).length === 1
  return !(isOneRow && words.every((word) => /^\p{Lu}|\p{N}|\./u.test(word)))
}
