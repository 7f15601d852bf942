import type { RawBlock } from './slice-builder.ts'
import { type OfficeArchive, damaged, openOfficeArchive, resolvePart } from './office-archive.ts'
import { hardBreak } from './normalise-text.ts'
import { tableRow } from './table-rows.ts'
import { parseXml, walkXml } from './xml-walk.ts'

export interface SlidesDocument {
  readonly title: string | null
  readonly blocks: readonly RawBlock[]
}

interface Relation {
  readonly type: string
  readonly target: string
}

/**
 * PPTX to blocks, slide by slide in the order of the show: a heading with the slide's number and title, its text, lists and
 * tables, the words of charts and diagrams, the speaker's notes.
 * @throws AppError `unreadable-file` `file-too-large`
 */
export async function readSlides(bytes: Uint8Array): Promise<SlidesDocument> {
  const archive = await openOfficeArchive(bytes)
  try {
    const blocks: RawBlock[] = []
    let title: string | null = null
    for (const [index, part] of (await slideParts(archive)).entries()) {
      const slide = readShapes((await archive.text(part)) ?? '')
      title ??= slide.title
      const heading = slide.title === null ? `Slide ${index + 1}` : `Slide ${index + 1}: ${slide.title}`
      blocks.push({ kind: 'heading', level: 1, text: heading }, ...slide.blocks)
      for (const { type, target } of await relationsOf(archive, part)) {
        if (type.endsWith('/chart') || type.endsWith('/diagramData'))
          blocks.push(...wordsOf((await archive.text(target)) ?? ''))
        if (type.endsWith('/notesSlide')) blocks.push(...notesOf((await archive.text(target)) ?? ''))
      }
    }
    return { title, blocks }
  } finally {
    archive.close()
  }
}

async function slideParts(archive: OfficeArchive): Promise<readonly string[]> {
  const source = await archive.text('ppt/presentation.xml')
  if (source === null) throw damaged(new Error('ppt/presentation.xml is missing'))
  const relations = await relationMap(archive, 'ppt/presentation.xml')
  const parts: string[] = []
  walkXml(parseXml(source), {
    enter(name, element) {
      if (name !== 'p:sldId') return
      const target = relations.get(element.getAttribute('r:id') ?? '')?.target
      if (target !== undefined && archive.has(target)) parts.push(target)
    },
  })
  if (parts.length > 0) return parts
  return archive.names
    .filter((name) => /^ppt\/slides\/slide\d+\.xml$/.test(name))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

async function relationMap(archive: OfficeArchive, part: string): Promise<ReadonlyMap<string, Relation>> {
  const at = part.lastIndexOf('/') + 1
  const source = await archive.text(`${part.slice(0, at)}_rels/${part.slice(at)}.rels`)
  const relations = new Map<string, Relation>()
  if (source === null) return relations
  walkXml(parseXml(source), {
    enter(name, element) {
      if (name !== 'Relationship' || element.getAttribute('TargetMode') === 'External') return
      const target = resolvePart(part, element.getAttribute('Target') ?? '')
      relations.set(element.getAttribute('Id') ?? '', { type: element.getAttribute('Type') ?? '', target })
    },
  })
  return relations
}

async function relationsOf(archive: OfficeArchive, part: string): Promise<readonly Relation[]> {
  return [...(await relationMap(archive, part)).values()]
}

/** Shapes of a slide in drawing order; the title's text apart. Numbers and dates that every slide repeats are left out. */
function readShapes(source: string): SlidesDocument {
  const blocks: RawBlock[] = []
  const titleParts: string[] = []
  let placeholder = ''
  let paragraph: string[] = []
  let level = 0
  let isBulleted: boolean | null = null
  let row: string[] | null = null
  let cell: string[] = []
  let rowCount = 0
  let hasHeader = false
  let isInText = false
  const endParagraph = (): void => {
    const text = paragraph.join('')
    paragraph = []
    if (row !== null) {
      cell.push(text)
      return
    }
    if (text.trim() === '' || ['sldNum', 'dt', 'ftr', 'hdr'].includes(placeholder)) return
    if (placeholder === 'title' || placeholder === 'ctrTitle') {
      titleParts.push(text.replaceAll(hardBreak, ' ').trim())
      return
    }
    const isItem = isBulleted ?? (placeholder === 'body' || placeholder === 'obj' || level > 0)
    const isTight = isItem && blocks.at(-1)?.kind === 'list-item'
    blocks.push({ kind: isItem ? 'list-item' : 'paragraph', level: isItem ? level + 1 : 0, text, tight: isTight })
  }
  walkXml(parseXml(source), {
    enter(name, element) {
      if (name === 'mc:Fallback') return false
      if (name === 'p:sp' || name === 'p:graphicFrame' || name === 'p:cxnSp') placeholder = ''
      else if (name === 'p:ph') placeholder = element.getAttribute('type') ?? 'obj'
      else if (name === 'a:p') {
        level = 0
        isBulleted = null
      } else if (name === 'a:pPr') level = Math.min(8, Math.max(0, Number(element.getAttribute('lvl') ?? 0) || 0))
      else if (name === 'a:buNone') isBulleted = false
      else if (name === 'a:buChar' || name === 'a:buAutoNum') isBulleted = true
      else if (name === 'a:br') paragraph.push(hardBreak)
      else if (name === 'a:t') isInText = true
      else if (name === 'a:tbl') {
        rowCount = 0
        hasHeader = false
      } else if (name === 'a:tblPr') hasHeader = element.getAttribute('firstRow') === '1'
      else if (name === 'a:tr') row = []
      else if (name === 'a:tc') cell = []
      return undefined
    },
    leave(name) {
      if (name === 'a:t') isInText = false
      else if (name === 'a:p') endParagraph()
      else if (name === 'a:tc') row?.push(cell.join(' '))
      else if (name === 'a:tr') {
        const block = tableRow(row ?? [], rowCount === 0, { isHeader: hasHeader && rowCount === 0 })
        row = null
        if (block === null) return
        blocks.push(block)
        rowCount += 1
      }
    },
    text(text) {
      if (isInText) paragraph.push(text)
    },
  })
  const title = titleParts.join(' ').slice(0, 300)
  return { title: title === '' ? null : title, blocks }
}

function notesOf(source: string): readonly RawBlock[] {
  const { blocks } = readShapes(source)
  if (blocks.length === 0) return []
  return [
    { kind: 'heading', level: 2, text: 'Notes' },
    ...blocks.map(({ text }): RawBlock => ({ kind: 'paragraph', level: 0, text })),
  ]
}

/** Titles, categories and series of a chart, or the texts of a diagram, each once; numbers without words are left out. */
function wordsOf(source: string): readonly RawBlock[] {
  const words = new Set<string>()
  let text = ''
  let isTaken = false
  walkXml(parseXml(source), {
    enter(name) {
      if (name === 'c:numCache' || name === 'c:formatCode' || name === 'c:f') return false
      if (name === 'a:t' || name === 'c:v') isTaken = true
      return undefined
    },
    leave(name) {
      if (name === 'a:t' || name === 'c:v') isTaken = false
      if (name !== 'a:p' && name !== 'c:pt' && name !== 'c:tx') return
      if (text.trim() !== '') words.add(text.trim())
      text = ''
    },
    text(piece) {
      if (isTaken) text += piece
    },
  })
  return [...words].map((word): RawBlock => ({ kind: 'paragraph', level: 0, text: word }))
}
