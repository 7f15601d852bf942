import { utils, write } from '@e965/xlsx'
import { writeDocxBody } from '../../support/documents/docx-writer.ts'
import { writeEpub, writeOpenDocument } from '../../support/documents/office-writer.ts'
import { writePdf } from '../../support/documents/pdf-writer.ts'
import { writeZip } from '../../support/documents/zip-writer.ts'

/** How the import of a hostile file must end: read, or set aside with one of these codes. */
export type HostileEnd = 'ready' | 'unreadable-file' | 'file-too-large' | 'empty-file'

export interface HostileFile {
  readonly content: string | Uint8Array
  readonly ends: readonly HostileEnd[]
}

const entities = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(1_000)}">${Array.from({ length: 9 }, (_, index) => `<!ENTITY e${index} "${`&${index === 0 ? 'a' : `e${index - 1}`};`.repeat(10)}">`).join('')}<!ENTITY f SYSTEM "file:///etc/passwd">]>`
const zeros = Buffer.alloc(350 * 1024 * 1024)
const readable: readonly HostileEnd[] = ['ready']
const refused: readonly HostileEnd[] = ['unreadable-file', 'file-too-large']
const either: readonly HostileEnd[] = ['ready', 'unreadable-file', 'file-too-large', 'empty-file']

/** @param url of a server that must never be asked: whatever a document can point outside with points there. */
export function hostileFiles(url: string): Readonly<Record<string, HostileFile>> {
  const wide = utils.aoa_to_sheet([['first']])
  wide['XFD1'] = { t: 's', v: 'last' }
  wide['!ref'] = 'A1:XFD1'
  const book = utils.book_new()
  utils.book_append_sheet(book, wide, 'Wide')
  const paragraph = (xml: string): string => `<w:p><w:r><w:t>kept text</w:t></w:r>${xml}</w:p>`
  const remote = `<a href="${url}/link">kept text</a><img src="${url}/picture"><script src="${url}/script"></script><script>document.title = 'ran'; fetch('${url}/fetch')</script><link rel="stylesheet" href="${url}/style"><iframe src="${url}/frame"></iframe><object data="${url}/object"></object><base href="${url}"><meta http-equiv="refresh" content="0; url=${url}/refresh">`
  return {
    'bomb.docx': { content: bombOf('word/document.xml', 'docx'), ends: refused },
    'bomb.xlsx': { content: bombOf('xl/worksheets/sheet1.xml', 'xlsx'), ends: refused },
    'bomb.odt': {
      content: writeZip(
        { mimetype: 'application/vnd.oasis.opendocument.text', 'META-INF/manifest.xml': '<m/>', 'content.xml': zeros },
        { isDeflated: true },
      ),
      ends: refused,
    },
    'bomb.epub': {
      content: writeZip(
        {
          mimetype: 'application/epub+zip',
          'META-INF/container.xml': '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>',
          'b.opf': zeros,
        },
        { isDeflated: true },
      ),
      ends: refused,
    },
    'entities.docx': { content: withEntities(), ends: either },
    'entities.html': { content: `${entities}<html><body><p>kept &e8; &f;</p></body></html>`, ends: readable },
    'entities.xml': { content: `<?xml version="1.0"?>${entities}<x>kept &e8; &f;</x>`, ends: readable },
    'deep.html': { content: '<div>'.repeat(1_000_000), ends: refused },
    'deep-lists.html': { content: `${'<ul><li>'.repeat(50_000)}bottom`, ends: either },
    'deep.docx': { content: writeDocxBody(`${'<w:sdt><w:sdtContent>'.repeat(50_000)}${paragraph('')}`), ends: either },
    'deep.odt': {
      content: writeOpenDocument('text', `${'<text:section>'.repeat(100_000)}<text:p>bottom</text:p>`),
      ends: refused,
    },
    'deep.rtf': { content: `{\\rtf1 ${'{'.repeat(1_000_000)}`, ends: refused },
    'deep.json': { content: '['.repeat(1_000_000), ends: either },
    'deep.ipynb': { content: `{"cells": ${'['.repeat(1_000_000)}`, ends: either },
    'deep.md': { content: `${'> '.repeat(200_000)}bottom\n\n${'  '.repeat(1_000)}- item\n`.repeat(2), ends: either },
    'stars.md': { content: `${'*_['.repeat(50_000)}\n\n${'`'.repeat(100_000)}\n\nkept text`, ends: readable },
    'deep.pdf': { content: deepPdf(), ends: either },
    'wide.csv': {
      content: Array.from({ length: 1_000_000 }, (_, index) => (index % 500 === 0 ? index : '')).join(','),
      ends: readable,
    },
    'wide.xlsx': { content: new Uint8Array(write(book, { type: 'array', bookType: 'xlsx' })), ends: readable },
    'one-line.txt': { content: 'x'.repeat(300_000), ends: readable },
    'spaces.txt': { content: `${' '.repeat(5_000_000)}kept text${'\n'.repeat(2_000_000)}`, ends: readable },
    'marks.txt': { content: `kept${'\u0301'.repeat(200_000)} text`, ends: readable },
    'traversal.docx': { content: withTraversal(), ends: either },
    'traversal.epub': {
      content: writeZip({
        mimetype: 'application/epub+zip',
        'META-INF/container.xml':
          '<container><rootfiles><rootfile full-path="../../../../etc/passwd"/></rootfiles></container>',
        '../../../../escaped.txt': 'written outside',
        '/escaped.txt': 'written outside',
        '..\\..\\escaped.txt': 'written outside',
      }),
      ends: refused,
    },
    'remote.html': { content: `<html><head><title>kept</title></head><body>${remote}</body></html>`, ends: readable },
    'remote.epub': { content: writeEpub('Remote', [`<p>kept text</p>${remote}`]), ends: readable },
    'remote.md': { content: `kept text ![picture](${url}/picture)\n\n<img src="${url}/html">`, ends: readable },
    'remote.eml': {
      content: `Subject: Remote\r\nContent-Type: text/html\r\n\r\n<p>kept text</p>${remote}`,
      ends: readable,
    },
    'remote.docx': {
      content: writeDocxBody(
        paragraph(
          `<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>INCLUDETEXT "${url}/text" DDEAUTO "${url}"</w:instrText><w:fldChar w:fldCharType="end"/></w:r>`,
        ),
      ),
      ends: readable,
    },
    'remote.pdf': { content: remotePdf(url), ends: readable },
    'pipe-name|; touch escaped.txt;.txt': { content: 'kept text under a pipe', ends: readable },
    'line\nbreak.txt': { content: 'kept text on two lines', ends: readable },
    'emoji 📚🧑‍🔬.txt': { content: 'kept text about emoji', ends: readable },
    'right\u202Etxt.exe.txt': { content: 'kept text from right to left', ends: readable },
    [`${'长'.repeat(81)}x.txt`.slice(0, 250)]: { content: 'kept text under a long name', ends: readable },
    'escape\u001B]0;title\u0007.txt': { content: 'kept text with an escape', ends: readable },
  }
}

function bombOf(part: string, kind: 'docx' | 'xlsx'): Uint8Array {
  const sample =
    kind === 'docx'
      ? { '[Content_Types].xml': '<Types/>', '_rels/.rels': '<Relationships/>' }
      : { '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '<workbook/>' }
  return writeZip({ ...sample, [part]: zeros }, { isDeflated: true })
}

function withEntities(): Uint8Array {
  const main = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships'
  return writeZip({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    '_rels/.rels': `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `<?xml version="1.0"?>${entities}<w:document xmlns:w="${main}"><w:body><w:p><w:r><w:t>kept &e8; &f;</w:t></w:r></w:p></w:body></w:document>`,
  })
}

function withTraversal(): Uint8Array {
  return writeZip({
    '[Content_Types].xml': '<Types/>',
    'word/document.xml': '<w:document/>',
    '../../../../escaped.txt': 'written outside',
  })
}

/** Arrays inside arrays, and a page tree that is its own child. */
function deepPdf(): Uint8Array {
  const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  return Buffer.from(
    `%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /Deep ${nested} >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 100000 /Kids [2 0 R 2 0 R] >>\nendobj\ntrailer\n<< /Root 1 0 R /Size 3 >>\n%%EOF\n`,
    'latin1',
  )
}

/** Opens a page, runs a script, sends a form and looks for a picture elsewhere as soon as it is shown. */
function remotePdf(url: string): Uint8Array {
  const actions = `/OpenAction << /S /JavaScript /JS (app.launchURL\\("${url}/script"\\); this.submitForm\\("${url}/form"\\)) >> /AA << /O << /S /URI /URI (${url}/uri) >> >> /URI << /Base (${url}) >>`
  const text = Buffer.from(
    writePdf({ pages: [{ strings: [{ text: 'kept text in a page', x: 60, y: 700, size: 11 }] }] }),
  ).toString('latin1')
  return Buffer.from(text.replace('/Type /Catalog', `/Type /Catalog ${actions}`), 'latin1')
}
