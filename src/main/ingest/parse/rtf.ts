import iconv from 'iconv-lite'
import { hardBreak } from './normalise-text.ts'
import { rtfTokens } from './rtf-tokens.ts'
import type { RawBlock } from './slice-builder.ts'
import { tableRow } from './table-rows.ts'

export interface RtfDocument {
  readonly title: string | null
  readonly blocks: readonly RawBlock[]
}

type Destination = 'text' | 'skip' | 'fonts' | 'styles' | 'title' | 'note' | 'marker'

/** What a group inherits and gives back at its end. */
interface GroupState {
  destination: Destination
  font: number
  /** Characters that follow a `\u` for readers that do not know it. */
  fallbackUnits: number
  isHidden: boolean
  isIgnorable: boolean
}

const skippedDestinations = new Set(
  (
    'colortbl pict object header headerl headerr headerf footer footerl footerr footerf themedata colorschememapping datastore latentstyles ' +
    'listtable listoverridetable revtbl rsidtbl generator xmlnstbl fldinst nonshppict bkmkstart bkmkend annotation atnid atnauthor atntime ' +
    'mmathPr shppict sp filetbl author operator company subject keywords doccomm category manager hlinkbase creatim revtim printim buptim pgptbl'
  ).split(' '),
)
const codePages: Readonly<Record<number, string>> = {
  77: 'macroman',
  128: 'cp932',
  129: 'cp949',
  134: 'gb18030',
  136: 'cp950',
  161: 'cp1253',
  162: 'cp1254',
  163: 'cp1258',
  177: 'cp1255',
  178: 'cp1256',
  186: 'cp1257',
  204: 'cp1251',
  222: 'cp874',
  238: 'cp1250',
}
const spoken: Readonly<Record<string, string>> = {
  line: hardBreak,
  tab: '\t',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  emspace: ' ',
  enspace: ' ',
}
/** Deeper groups are not written by anybody. */
const maxDepth = 10_000

/**
 * RTF to blocks: headings by outline level or by the style's name, lists, tables, footnotes after their paragraph; text in the
 * code page of its font, Chinese and Japanese double bytes included. Pictures, headers, footers and hidden text are left out.
 */
export function readRtf(bytes: Uint8Array): RtfDocument {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const blocks: RawBlock[] = []
  const fontCharsets = new Map<number, string>()
  const headingStyles = new Map<number, number>()
  const groups: GroupState[] = []
  let state: GroupState = { destination: 'text', font: -1, fallbackUnits: 1, isHidden: false, isIgnorable: false }
  let defaultCodePage = 'cp1252'
  let defaultFont = -1
  let pending: number[] = []
  let skipUnits = 0
  let text: string[] = []
  let note: string[] = []
  let notes: string[] = []
  let title: string[] = []
  let marker: string[] = []
  let tableText: string[] = []
  let tableNumber = 0
  let style = 0
  let outline = 0
  let isInTable = false
  let isItem = false
  let cells: string[] = []
  let rowCount = 0

  const write = (piece: string): void => {
    if (state.isHidden) return
    if (state.destination === 'text') text.push(piece)
    else if (state.destination === 'note') note.push(piece)
    else if (state.destination === 'title') title.push(piece)
    else if (state.destination === 'marker') marker.push(piece)
    else if (state.destination === 'fonts' || state.destination === 'styles') tableText.push(piece)
  }
  const flush = (): void => {
    if (pending.length === 0) return
    const page = fontCharsets.get(state.font === -1 ? defaultFont : state.font) ?? defaultCodePage
    write(iconv.decode(Buffer.from(pending), page))
    pending = []
  }
  const endParagraph = (): void => {
    const paragraph = text.join('')
    text = []
    const level = outline > 0 ? outline : (headingStyles.get(style) ?? 0)
    if (paragraph.trim() !== '') {
      const kind = level > 0 ? 'heading' : isItem ? 'list-item' : 'paragraph'
      const tight = kind === 'list-item' && blocks.at(-1)?.kind === 'list-item'
      blocks.push({ kind, level: kind === 'heading' ? Math.min(6, level) : isItem ? 1 : 0, text: paragraph, tight })
      rowCount = 0
    }
    isItem = false
    for (const footnote of notes) blocks.push({ kind: 'paragraph', level: 0, text: footnote })
    notes = []
  }
  const endRow = (): void => {
    const row = tableRow(cells, rowCount === 0)
    cells = []
    if (row === null) return
    blocks.push(row)
    rowCount += 1
  }

  const onWord = (word: string, value: number | null): void => {
    const { destination } = state
    if (word === 'u') {
      const unit = (value ?? 0) & 0xffff
      write(String.fromCharCode(unit))
      skipUnits = state.fallbackUnits
    } else if (word === 'uc') state.fallbackUnits = Math.max(0, Math.min(16, value ?? 1))
    else if (word === 'ansicpg') defaultCodePage = iconv.encodingExists(`cp${value}`) ? `cp${value}` : defaultCodePage
    else if (word === 'mac') defaultCodePage = 'macroman'
    else if (word === 'deff') defaultFont = value ?? -1
    else if (word === 'f') {
      state.font = value ?? -1
      if (destination === 'fonts') tableNumber = value ?? -1
    } else if (word === 'fcharset' && destination === 'fonts') {
      const page = codePages[value ?? 0]
      if (page !== undefined) fontCharsets.set(tableNumber, page)
    } else if (word === 'v') state.isHidden = value !== 0
    else if (word === 's') {
      if (destination === 'styles') tableNumber = value ?? 0
      else style = value ?? 0
    } else if (word === 'outlinelevel') {
      const level = value !== null && value >= 0 && value < 9 ? value + 1 : 0
      if (destination === 'styles') headingStyles.set(tableNumber, level)
      else outline = level
    } else if (word === 'plain') state.isHidden = false
    else if (destination !== 'text' && destination !== 'note') return
    else if (word === 'par' || word === 'sect' || word === 'page') {
      if (destination === 'note') write(' ')
      else if (isInTable) write(' ')
      else endParagraph()
    } else if (word === 'pard') {
      isInTable = false
      outline = 0
      style = 0
    } else if (word === 'intbl') isInTable = true
    else if (word === 'cell') {
      cells.push(text.join(''))
      text = []
    } else if (word === 'nestcell' || word === 'nestrow') write(' ')
    else if (word === 'trowd' && text.join('').trim() !== '' && !isInTable) endParagraph()
    else if (word === 'row') endRow()
    else {
      const said = spoken[word]
      if (said !== undefined) write(said)
    }
  }
  const onDestination = (word: string): boolean => {
    if (word === 'fonttbl') state.destination = 'fonts'
    else if (word === 'stylesheet') state.destination = 'styles'
    else if (word === 'info') state.destination = 'skip'
    else if (word === 'footnote') {
      state.destination = 'note'
      note = []
    } else if (word === 'listtext' || word === 'pntext') {
      state.destination = 'marker'
      marker = []
      isItem = true
    } else if (word === 'shpinst' || word === 'shptxt') return true
    else if (skippedDestinations.has(word)) state.destination = 'skip'
    else return false
    return true
  }
  const endGroup = (): void => {
    if (state.destination === 'styles' && groups.at(-1)?.destination === 'styles') {
      const level = /(?:heading|überschrift|titre|标题|見出し)\s?([1-9])/i.exec(tableText.join(''))?.[1]
      if (level !== undefined) headingStyles.set(tableNumber, Number(level))
      tableNumber = 0
    }
    if (state.destination === 'fonts' || state.destination === 'styles') tableText = []
    const before = groups.pop()
    if (before === undefined) return
    if (state.destination === 'marker' && before.destination === 'text') {
      // A number says something; a bullet does not.
      const shown = marker.join('').trim()
      if (/[\p{L}\p{N}]/u.test(shown)) text.push(`${shown} `)
    }
    if (state.destination === 'note' && before.destination !== 'note') {
      const words = note.join('').trim()
      if (words !== '') notes.push(words)
    }
    state = before
  }

  for (const token of rtfTokens(source)) {
    if (token.type === 'byte') {
      if (skipUnits > 0) skipUnits -= 1
      else if (state.destination !== 'skip') pending.push(token.byte)
      continue
    }
    flush()
    if (token.type === 'open') {
      skipUnits = 0
      if (groups.length >= maxDepth) throw new Error('RTF groups are nested absurdly deep')
      groups.push(state)
      state = { ...state, isIgnorable: false }
    } else if (token.type === 'close') {
      skipUnits = 0
      endGroup()
    } else if (token.type === 'symbol') {
      if (token.symbol === '*') state.isIgnorable = true
      else if (token.symbol === '~') write('\u00a0')
      else if (token.symbol === '_') write('\u2011')
      else if (token.symbol === '\n' || token.symbol === '\r') onWord('par', null)
      else if ('\\{}'.includes(token.symbol)) write(token.symbol)
    } else if (state.destination !== 'skip' || token.word === 'title') {
      if (token.word === 'title' && state.destination === 'skip') {
        state.destination = 'title'
        // A second one is the same in Unicode, behind a form for readers that know none.
        title = []
      } else if (!onDestination(token.word)) {
        // A destination of another program's own, marked as not to be shown by those who do not know it.
        if (state.isIgnorable) state.destination = 'skip'
        else onWord(token.word, token.value)
      }
      state.isIgnorable = false
    }
  }
  flush()
  if (cells.length > 0) endRow()
  endParagraph()
  const shown = title.join('').trim().slice(0, 300)
  const heading = blocks.slice(0, 10).find((block) => block.kind === 'heading')
  return { title: shown === '' ? (heading?.text.trim().slice(0, 300) ?? null) : shown, blocks }
}
