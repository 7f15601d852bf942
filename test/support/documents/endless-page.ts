/** Levels of forms, each of which draws the next one three times: more strings than any reader comes to the end of. */
const levels = 40

/**
 * A valid PDF of a few kilobytes, one line of text a page; where null is given, the page draws a form that draws forms that
 * draw forms, and reading its text never ends.
 */
export function endlessPagePdf(pages: readonly (string | null)[]): Uint8Array {
  const objects: string[] = []
  const add = (body: string): number => objects.push(body)
  const catalog = add('')
  const tree = add('')
  const font = add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>')
  const fonts = `/Font << /F1 ${font} 0 R >>`
  const streamOf = (dictionary: string, content: string): string =>
    `<< ${dictionary} /Length ${content.length} >>\nstream\n${content}\nendstream`
  const formHead = '/Type /XObject /Subtype /Form /BBox [0 0 600 850]'
  let form = add(streamOf(`${formHead} /Resources << ${fonts} >>`, 'BT /F1 11 Tf 60 500 Td (again) Tj ET'))
  for (let level = 0; level < levels; level += 1)
    form = add(streamOf(`${formHead} /Resources << ${fonts} /XObject << /Fm ${form} 0 R >> >>`, '/Fm Do /Fm Do /Fm Do'))
  const kids = pages.map((text) => {
    const content = text === null ? '/Fm Do' : `BT /F1 11 Tf 60 700 Td (${text}) Tj ET`
    const contents = add(streamOf('', content))
    return add(
      `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 595 842] /Contents ${contents} 0 R ` +
        `/Resources << ${fonts} /XObject << /Fm ${form} 0 R >> >> >>`,
    )
  })
  objects[catalog - 1] = `<< /Type /Catalog /Pages ${tree} 0 R >>`
  objects[tree - 1] = `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`
  let file = '%PDF-1.4\n'
  const offsets = objects.map((body, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${body}\nendobj\n`
    return offset
  })
  const start = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  file += offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  file += `trailer\n<< /Size ${objects.length + 1} /Root ${catalog} 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}
