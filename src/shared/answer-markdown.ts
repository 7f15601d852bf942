import type { AnswerMode } from './conversation.ts'
import type { Source } from './passage.ts'

export type ExportLanguage = 'en' | 'zh-CN'

/** What is told of one question and its answer. Times are milliseconds since 1970. */
export interface ExportedTurn {
  readonly question: string
  readonly condensedQuestion: string | null
  readonly answer: string
  readonly mode: AnswerMode | null
  readonly model: string | null
  readonly ending: 'complete' | 'stopped' | 'length' | 'failed' | 'answering'
  readonly sources: readonly Pick<
    Source,
    'number' | 'isCited' | 'documentName' | 'page' | 'lastPage' | 'headingPath' | 'text'
  >[]
}

const words = {
  en: {
    searchedAlso: 'Searched also for:',
    references: 'References',
    alsoRead: 'Also read:',
    nearest: 'Nearest passages:',
    page: (page: number) => `p. ${page}`,
    pages: (page: number, last: number) => `pp. ${page}–${last}`,
    quotes: 'Quotations, no model',
    by: (model: string) => `Written by ${model}`,
    between: ', ',
    stopped: 'Stopped before it was complete.',
    length: 'The model reached its limit here.',
    failed: 'The answer failed.',
    answering: 'Still being written.',
    empty: 'Nothing was written.',
  },
  'zh-CN': {
    searchedAlso: '还搜索了：',
    references: '引用',
    alsoRead: '另外读过：',
    nearest: '最接近的段落：',
    page: (page: number) => `第 ${page} 页`,
    pages: (page: number, last: number) => `第 ${page}–${last} 页`,
    quotes: '仅摘录原文，未用模型',
    by: (model: string) => `由 ${model} 生成`,
    between: '，',
    stopped: '未写完即停止。',
    length: '模型写到这里达到了上限。',
    failed: '回答没有成功。',
    answering: '还在生成。',
    empty: '没有写出内容。',
  },
} as const

/** Longer or with line breaks, a question stands in full below its heading. Characters. */
const longestHeading = 120

/** A question as a heading, what became of it, and its references. Ends with a line break. */
export function turnMarkdown(turn: ExportedTurn, language: ExportLanguage): string {
  const t = words[language]
  const question = turn.question.trim()
  const line = Array.from(question.replace(/\s+/gu, ' '))
  const isLong = line.length > longestHeading
  const heading = isLong ? `${line.slice(0, longestHeading).join('').trimEnd()}…` : line.join('')
  const { condensedQuestion: condensed } = turn
  return [
    `## ${escapeMarkdown(heading)}`,
    ...(isLong || question.includes('\n') ? [quoted(question)] : []),
    ...(condensed !== null && condensed !== turn.question ? [`*${t.searchedAlso}* ${oneLine(condensed)}`] : []),
    answerMarkdown(turn, language),
  ].join('\n\n')
}

/** The answer with its state and its references, as it is copied or saved by itself. Ends with a line break. */
export function answerMarkdown(turn: ExportedTurn, language: ExportLanguage): string {
  const t = words[language]
  const text = safeAnswer(turn.answer).trim()
  const writer = turn.mode === 'quotes' ? t.quotes : turn.model === null ? null : t.by(oneLine(turn.model))
  const state = [...(writer === null ? [] : [writer]), ...(turn.ending === 'complete' ? [] : [t[turn.ending]])].join(
    ' · ',
  )
  const cited = turn.sources.filter(({ isCited }) => isCited)
  const others = turn.sources.filter(({ isCited }) => !isCited)
  return `${[
    text === '' ? `*${t.empty}*` : text,
    ...(state === '' ? [] : [`*${state}*`]),
    ...(cited.length === 0 ? [] : [`### ${t.references}`]),
    ...cited.map((source) => `[${source.number}] ${placeOf(source, language)}\n\n${quoted(source.text)}`),
    ...(others.length === 0
      ? []
      : [
          `${turn.mode === 'refused' ? t.nearest : t.alsoRead} ${others.map((source) => `[${source.number}] ${placeOf(source, language)}`).join(language === 'en' ? '; ' : '；')}`,
        ]),
  ].join('\n\n')}\n`
}

function placeOf(source: ExportedTurn['sources'][number], language: ExportLanguage): string {
  const t = words[language]
  const { page, lastPage, headingPath, documentName } = source
  return [
    `**${oneLine(documentName)}**`,
    ...(page === null ? [] : [lastPage !== null && lastPage !== page ? t.pages(page, lastPage) : t.page(page)]),
    ...(headingPath.length === 0 ? [] : [oneLine(headingPath.join(' > '))]),
  ].join(t.between)
}

function oneLine(text: string): string {
  return escapeMarkdown(text.replace(/[\s\p{Cc}]+/gu, ' ').trim())
}

/** A block quotation; nothing in it is mark-up. */
function quoted(text: string): string {
  return text
    .trim()
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `> ${escapeMarkdown(line.trim())}`.trimEnd())
    .join('\n')
}

/** Text of one line that Markdown shows as it is. */
export function escapeMarkdown(line: string): string {
  return line
    .replace(/[\\`*_[\]<>|~$]/g, '\\$&')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/^([#+\-=:])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2')
}

/**
 * The answer's own Markdown, made safe to stand in a document: its headings below ours, its code closed where a stopped answer
 * left it open; no HTML, no picture that a viewer would fetch, and no definition that turns `[1]` into a link.
 */
function safeAnswer(answer: string): string {
  const lines: string[] = []
  let fence: string | null = null
  for (const line of answer.replace(/\p{Co}/gu, '').split(/\r\n|[\n\r]/)) {
    const mark: string | undefined = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== null) {
      lines.push(line)
      const isEnd =
        mark !== undefined && mark[0] === fence[0] && mark.length >= fence.length && /^ {0,3}[`~]+\s*$/.test(line)
      if (isEnd) fence = null
    } else if (mark !== undefined) {
      fence = mark
      lines.push(line)
    } else lines.push(safeLine(line))
  }
  if (fence !== null) lines.push(fence)
  return lines.join('\n')
}

function safeLine(line: string): string {
  return line
    .replace(
      /^( {0,3})(#{1,6})(?=\s|$)/,
      (_, indent: string, marks: string) => `${indent}${'#'.repeat(Math.min(6, marks.length + 3))}`,
    )
    .replace(/^([\s>*+-]*)\[([^\]]*)\]:/, '$1\\[$2\\]:')
    .replace(/`+[^`]*`+|!\[|<(?=[A-Za-z/!?])/g, (found) => (found === '![' ? '!\\[' : found === '<' ? '\\<' : found))
}
