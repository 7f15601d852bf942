import { writeZip } from './zip-writer.ts'

const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** One slide's body XML with, optionally, its notes' and its chart's XML. */
export interface WrittenSlide {
  readonly body: string
  readonly notes?: string
  readonly chart?: string
}

/** A PPTX whose show runs through `slides` in order, though its parts are numbered the other way round. */
export function writePptx(slides: readonly WrittenSlide[]): Uint8Array {
  const part = (index: number): number => slides.length - index
  const files: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    'ppt/presentation.xml': `<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>${slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relations(
      slides.map((_, index) => [`rId${index}`, 'slide', `slides/slide${part(index)}.xml`]),
    ),
  }
  slides.forEach((slide, index) => {
    const number = part(index)
    const own: [string, string, string][] = []
    files[`ppt/slides/slide${number}.xml`] = `<p:sld xmlns:p="p" xmlns:a="a">${slide.body}</p:sld>`
    if (slide.notes !== undefined) {
      files[`ppt/notesSlides/notes${number}.xml`] = `<p:notes xmlns:p="p" xmlns:a="a">${slide.notes}</p:notes>`
      own.push(['rId1', 'notesSlide', `../notesSlides/notes${number}.xml`])
    }
    if (slide.chart !== undefined) {
      files[`ppt/charts/chart${number}.xml`] = `<c:chartSpace xmlns:c="c" xmlns:a="a">${slide.chart}</c:chartSpace>`
      own.push(['rId2', 'chart', `../charts/chart${number}.xml`])
    }
    files[`ppt/slides/_rels/slide${number}.xml.rels`] = relations(own)
  })
  return writeZip(files)
}

/** A shape with paragraphs; `placeholder` as PowerPoint names it, such as `title` or `body`. */
export function shape(placeholder: string, ...paragraphs: readonly string[]): string {
  const text = paragraphs.map((paragraph) => `<a:p><a:r><a:t>${paragraph}</a:t></a:r></a:p>`).join('')
  return `<p:sp><p:nvPr>${placeholder === '' ? '' : `<p:ph type="${placeholder}"/>`}</p:nvPr><p:txBody>${text}</p:txBody></p:sp>`
}

/** An OpenDocument file around the XML of its body (`office:text`, `office:spreadsheet`, `office:presentation`). */
export function writeOpenDocument(
  kind: 'text' | 'spreadsheet' | 'presentation',
  body: string,
  manifest = '',
): Uint8Array {
  return writeZip({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    'META-INF/manifest.xml': `<manifest:manifest xmlns:manifest="m">${manifest}</manifest:manifest>`,
    'content.xml': `<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="tb" xmlns:draw="d"><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
  })
}

/** An EPUB with these chapters (XHTML bodies), in order. */
export function writeEpub(title: string, chapters: readonly string[], encryption?: string): Uint8Array {
  const items = chapters.map(
    (_, index) => `<item id="c${index}" href="text/chapter%20${index}.xhtml" media-type="application/xhtml+xml"/>`,
  )
  return writeZip({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    ...(encryption === undefined ? {} : { 'META-INF/encryption.xml': encryption }),
    'OEBPS/book.opf': `<package><metadata><dc:title>${title}</dc:title></metadata><manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>${items.join('')}</manifest><spine><itemref idref="nav"/>${chapters.map((_, index) => `<itemref idref="c${index}"/>`).join('')}</spine></package>`,
    'OEBPS/nav.xhtml': '<html><body><h1>Contents</h1></body></html>',
    ...Object.fromEntries(
      chapters.map((body, index) => [`OEBPS/text/chapter ${index}.xhtml`, `<html><body>${body}</body></html>`]),
    ),
  })
}

function relations(entries: readonly (readonly [id: string, type: string, target: string])[]): string {
  return `<Relationships xmlns="${relationships}">${entries.map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`).join('')}</Relationships>`
}
