import type { Finding, FindingMatch, Stated } from '../../shared/findings.ts'
import { writeExport } from './write-export.ts'

type Language = 'en' | 'zh-CN'

const headers: Readonly<Record<Language, readonly string[]>> = {
  en: ['Document', 'Match', 'Page', 'Passages', 'Quotation', 'Dates', 'Amounts', 'Names', 'Heading', 'File'],
  'zh-CN': ['文档', '匹配', '页码', '段落数', '引文', '日期', '金额', '名称', '标题', '文件'],
}
const matches: Readonly<Record<Language, Readonly<Record<FindingMatch, string>>>> = {
  en: { words: 'in one passage', apart: 'in different passages', similar: 'similar' },
  'zh-CN': { words: '同一段落', apart: '不同段落', similar: '意思相近' },
}
/** So that Excel reads UTF-8. */
const byteOrderMark = '\uFEFF'
const rowsPerPiece = 200

/** Writes them there, whole or not at all. @throws AppError `storage-full` `file-not-written` */
export function writeFindings(path: string, rows: readonly Finding[], language: Language): Promise<void> {
  return writeExport(path, findingsCsv(rows, language))
}

/**
 * Rows as a file of comma-separated values (RFC 4180), in pieces: UTF-8 with a byte order mark, lines that end in CRLF, a header in the
 * language of the page. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
export async function* findingsCsv(rows: readonly Finding[], language: Language): AsyncGenerator<string> {
  yield `${byteOrderMark}${line(headers[language])}`
  for (let start = 0; start < rows.length; start += rowsPerPiece)
    yield rows
      .slice(start, start + rowsPerPiece)
      .map((row) => line(cellsOf(row, language)))
      .join('')
}

function cellsOf(
  { match, passage, passageCount, quotation, dates, amounts, names }: Finding,
  language: Language,
): string[] {
  const list = (stated: readonly Stated[]): string => stated.map(({ text }) => text).join('; ')
  return [
    passage.documentName,
    matches[language][match],
    passage.page === null ? '' : String(passage.page),
    match === 'words' ? String(passageCount) : '',
    quotation.text,
    list(dates),
    list(amounts),
    names.join('; '),
    passage.headingPath.join(' > '),
    passage.path,
  ]
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

/** Everything is quoted: what is in a cell then never needs looking at again. */
function cell(text: string): string {
  const plain = text.replaceAll(/[^\P{Cc}\n\t]/gu, ' ')
  const safe = /^[\s\p{Cf}]*[=+\-@＝＋－＠\t]/u.test(plain) ? `'${plain}` : plain
  return `"${safe.replaceAll('"', '""')}"`
}
