import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { escapeXml, wordOfMarkdown, wordParagraph } from './word-body.ts'

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships'
const contentType = 'application/vnd.openxmlformats-officedocument.wordprocessingml'

/**
 * A Word document, written while it is read: each turn becomes XML as it comes, so that a long conversation neither fills the memory
 * nor holds up the event loop. Nothing in it is fetched from elsewhere: no links, no fields, no pictures.
 * @param turns Markdown of one turn each. @throws what `turns` throws
 */
export async function* wordDocument(
  title: string,
  turns: AsyncIterable<string>,
  language: 'en' | 'zh-CN',
): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile()
  const add = (name: string, xml: string): void => zip.addBuffer(Buffer.from(declaration + xml, 'utf8'), name)
  add('[Content_Types].xml', contentTypes)
  add('_rels/.rels', relationsOf([['officeDocument', 'word/document.xml']]))
  add('word/_rels/document.xml.rels', relationsOf([['styles', 'styles.xml']]))
  add('word/styles.xml', stylesOf(language))
  // yazl leaves its output open when what it reads fails: the failure waits here until the output has ended.
  let failure: { readonly error: unknown } | null = null
  async function* untilFailure(): AsyncGenerator<Buffer> {
    try {
      yield* documentXml(title, turns)
    } catch (error) {
      failure = { error }
    }
  }
  const body = Readable.from(untilFailure())
  try {
    zip.addReadStream(body, 'word/document.xml')
    zip.end()
    yield* zip.outputStream as AsyncIterable<Uint8Array>
  } finally {
    body.destroy()
  }
  const failed = failure as { readonly error: unknown } | null
  if (failed !== null) throw failed.error
}

async function* documentXml(title: string, turns: AsyncIterable<string>): AsyncGenerator<Buffer> {
  yield Buffer.from(`${declaration}<w:document xmlns:w="${main}"><w:body>${wordParagraph(title, 'Title')}`, 'utf8')
  for await (const turn of turns) yield Buffer.from(wordOfMarkdown(turn), 'utf8')
  // A4, margins of 2.5 cm, in twentieths of a point.
  yield Buffer.from(
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr></w:body></w:document>',
    'utf8',
  )
}

const contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${contentType}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${contentType}.styles+xml"/></Types>`

function relationsOf(targets: readonly (readonly [kind: string, target: string])[]): string {
  const entries = targets.map(
    ([kind, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${office}/${kind}" Target="${escapeXml(target)}"/>`,
  )
  return `<Relationships xmlns="${relationships}">${entries.join('')}</Relationships>`
}

/** Fonts that the reader's Word has; sizes in half points, distances in twentieths of a point. */
function stylesOf(language: 'en' | 'zh-CN'): string {
  const headings = [32, 28, 24, 22, 22, 22].map((size, index) => {
    const level = index + 1
    const look = `<w:pPr><w:keepNext/><w:spacing w:before="${level <= 2 ? 480 : 280}" w:after="120"/><w:outlineLvl w:val="${index}"/></w:pPr><w:rPr><w:b/><w:sz w:val="${size}"/></w:rPr>`
    return style('paragraph', `Heading${level}`, `heading ${level}`, look)
  })
  const gridLine = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
    .map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="A0A0A0"/>`)
    .join('')
  return [
    `<w:styles xmlns:w="${main}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Microsoft YaHei" w:cs="Calibri"/><w:sz w:val="22"/><w:lang w:val="${language === 'en' ? 'en-US' : 'zh-CN'}" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>`,
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>',
    style(
      'paragraph',
      'Title',
      'Title',
      '<w:pPr><w:spacing w:after="240"/></w:pPr><w:rPr><w:b/><w:sz w:val="36"/></w:rPr>',
    ),
    ...headings,
    style(
      'paragraph',
      'Quote',
      'Quote',
      '<w:pPr><w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="C0C0C0"/></w:pBdr><w:ind w:left="284"/></w:pPr><w:rPr><w:color w:val="404040"/></w:rPr>',
    ),
    style(
      'paragraph',
      'Code',
      'Code',
      '<w:pPr><w:spacing w:after="0"/></w:pPr><w:rPr><w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/><w:sz w:val="20"/></w:rPr>',
    ),
    style(
      'paragraph',
      'Rule',
      'Rule',
      '<w:pPr><w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="C0C0C0"/></w:pBdr></w:pPr>',
    ),
    '<w:style w:type="character" w:styleId="CodeWords"><w:name w:val="Code Words"/><w:rPr><w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/></w:rPr></w:style>',
    `<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>${gridLine}</w:tblBorders><w:tblCellMar><w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`,
    '</w:styles>',
  ].join('')
}

function style(type: 'paragraph', id: string, name: string, look: string): string {
  return `<w:style w:type="${type}" w:styleId="${id}"><w:name w:val="${name}"/><w:basedOn w:val="Normal"/>${look}</w:style>`
}
