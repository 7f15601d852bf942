import { keywordTerms, queryTerms } from '../../shared/keyword-terms.ts'
import { type QuestionLanguage, questionLanguage } from './question-language.ts'

/** Why a model's rewrite is not used. */
export type RewriteFault =
  | 'empty'
  | 'unchanged'
  | 'rambling'
  | 'answer'
  | 'wrong-language'
  | 'number-lost'
  | 'invented'
  | 'earlier-question'

export type CleanedRewrite = { readonly text: string } | { readonly fault: RewriteFault }

/** Characters of a rewrite at most, beyond three times those of the question itself. */
const roomForNames = 160
/** More than this share of words that neither the question nor the conversation holds is the model's own story. */
const longestInventedShare = 0.5

const closedReasoning = /<(think|thinking|reasoning|thought|analysis|reflection)\b[^>]*>[\s\S]*?<\/\1\s*>/gi
const openReasoning = /<(?:think|thinking|reasoning|thought|analysis|reflection)\b[^>]*>[\s\S]*$/i
const endOfReasoning = /^[\s\S]*<\/(?:think|thinking|reasoning|thought|analysis|reflection)\s*>/i
const bracketReasoning = /\[THINK\][\s\S]*?(?:\[\/THINK\]|$)/gi
const specialTokens = /<\|[^|>\n]{0,40}\|>|<\/?(?:s|bos|eos|pad|unk)>|<(?:start|end)_of_turn>/gi
const lead =
  /^\s*(?:(?:the\s+)?(?:final\s+)?(?:standalone|stand-alone|rewritten|rephrased|reformulated|condensed|independent|follow-?up|last|translated|new)?\s*(?:question|query|version|output|result|translation|rewrite)(?:\s+(?:is|in\s+\p{L}+))?|(?:改写|重写|独立|完整|最终|翻译)(?:后)?的?(?:问题|问句|提问|结果)?(?:为|是)?|(?:问题|问句|译文|翻译|输出|结果)(?:为|是)?)\s*[:：]\s*/iu
const quotePairs = [
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['‘', '’'],
  ['「', '」'],
  ['『', '』'],
  ['《', '》'],
  ['`', '`'],
  ['**', '**'],
  ['__', '__'],
  ['*', '*'],
] as const
const answerLead =
  /^(?:yes|no|sure|certainly|of course|okay|ok|sorry|i'?m sorry|i am sorry|i apologi[sz]e|unfortunately|as an ai|i (?:cannot|can't|don't|do not)|here (?:is|are)|based on|according to|the answer|是的|不是|好的|当然|抱歉|对不起|很抱歉|根据(?:上述|以上|文档|资料|对话)|答案|以下是)(?![\p{L}\p{N}])|^(?:根据(?:上述|以上|文档|资料|对话)|对不起|很抱歉|抱歉|以下是|答案)/iu
const sentenceEnd = /[.!?…。！？]+(?=["”'’)\]）」』]*(?:\s|$))|[。！？]/gu

/**
 * Makes one plain line out of what a model wrote, or says why it is no use: a model's words are never trusted to be what
 * was asked for. Without reasoning, special tokens, leads ("Standalone question:"), quotation marks and Markdown.
 *
 * @param asked.question the reader's own words
 * @param asked.language that the rewrite must be in; null: any
 * @param asked.known texts that its words may come from (the conversation); null: not checked, as for a translation
 * @param asked.earlierQuestions a rewrite that only repeats one of these has lost what was asked
 */
export function cleanRewrite(
  raw: string,
  asked: {
    readonly question: string
    readonly language: QuestionLanguage | null
    readonly known: readonly string[] | null
    readonly earlierQuestions: readonly string[]
  },
): CleanedRewrite {
  const lines = withoutReasoning(raw)
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      /[\n\r\u2028\u2029\v\f\u0085]/.test(character) ? '\n' : /\t/.test(character) ? ' ' : '',
    )
    .split('\n')
    .map(plainLine)
    .filter((line) => line !== '')
  // "Here is the question:" above it says nothing itself.
  if (lines.length > 1 && /[:：]$/.test(lines[0] ?? '')) lines.shift()
  const [text, ...others] = lines
  if (text === undefined || !/[\p{L}\p{N}]/u.test(text)) return { fault: 'empty' }
  const isQuestion = /[?？]["”'’)\]）」』]*$/.test(text)
  if (others.length > 0) return { fault: 'rambling' }
  if (text.length > asked.question.length * 3 + roomForNames) return { fault: 'rambling' }
  if ((text.match(sentenceEnd)?.length ?? 0) > 1 + Math.max(1, countSentences(asked.question)))
    return { fault: 'rambling' }
  if (answerLead.test(text) || /\bthe answer (?:is|to)\b|答案是/i.test(text) || /[[【]\d+[\]】]/.test(text))
    return { fault: 'answer' }
  const wasQuestion = /[?？]\s*$/.test(asked.question)
  if (wasQuestion && !isQuestion && (/[?？]/.test(text) || (countSentences(text) > 0 && !opensAsQuestion(text))))
    return { fault: 'answer' }
  if (asked.language !== null && questionLanguage(text) !== asked.language) return { fault: 'wrong-language' }
  const folded = folding(text)
  if (folded === folding(asked.question)) return { fault: 'unchanged' }
  if (asked.earlierQuestions.some((earlier) => folding(earlier) === folded)) return { fault: 'earlier-question' }
  const held = new Set(keywordTerms(text))
  if (numbers(asked.question).some((number) => !held.has(number))) return { fault: 'number-lost' }
  if (asked.known !== null && inventedShare(text, [asked.question, ...asked.known]) > longestInventedShare)
    return { fault: 'invented' }
  return { text }
}

/** A model's text without what it thought; an opening tag that is never closed takes the rest with it. */
function withoutReasoning(raw: string): string {
  return raw
    .replaceAll(closedReasoning, '')
    .replace(openReasoning, '')
    .replace(endOfReasoning, '')
    .replaceAll(bracketReasoning, '')
    .replaceAll(specialTokens, '')
}

/** One line without Markdown, lead and quotation marks around it; until nothing more comes off. */
function plainLine(line: string): string {
  let text = line.replaceAll(/\s+/gu, ' ').trim()
  for (;;) {
    const before = text
    if (/^(?:```|~~~)[\w-]*$/.test(text)) return ''
    text = text.replace(/^(?:#{1,6}\s+|>\s*|[-*+•]\s+|\d{1,2}[.)]\s+)/, '')
    text = text.replace(/^(\*\*|__)([^*_]{1,60}?[:：])\1\s*/, '$2 ').replace(lead, '')
    for (const [open, close] of quotePairs) {
      if (text.length > open.length + close.length && text.startsWith(open) && text.endsWith(close))
        text = text.slice(open.length, text.length - close.length)
    }
    text = text.trim()
    if (text === before) return text
  }
}

function countSentences(text: string): number {
  return text.match(sentenceEnd)?.length ?? 0
}

const questionOpening =
  /^(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|am|do|does|did|can|could|will|would|should|shall|may|might|must|has|have|had|in (?:what|which)|tell|explain|describe|list|give|show|compare|find|name|define|summari[sz]e)\b|什么|怎么|怎样|如何|为什么|为何|谁|哪|多少|几|是否|能否|可否|吗|呢|请/iu

function opensAsQuestion(text: string): boolean {
  return questionOpening.test(text)
}

/** Letters and digits only, folded: punctuation, case and width make no other question. */
function folding(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

/** Numbers as the keyword index knows them. */
function numbers(text: string): readonly string[] {
  return keywordTerms(text).filter((term) => /^\p{Nd}+$/u.test(term))
}

function inventedShare(text: string, known: readonly string[]): number {
  const { terms } = queryTerms(text)
  if (terms.length === 0) return 0
  const stems = new Set(known.flatMap(keywordTerms).map(stem))
  return terms.filter((term) => !stems.has(stem(term))).length / terms.length
}

/** Enough of a word to know it again in another form. */
function stem(term: string): string {
  return /^\p{Script=Latin}+$/u.test(term) ? term.replace(/(?<=..)s$/, '').slice(0, 5) : term
}
