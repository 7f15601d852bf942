/** A PDF whose pages are JPEG pictures at 200 dots an inch and nothing else, as scanners write it. */
export function jpegPdf(
  pictures: readonly { readonly jpeg: Uint8Array; readonly width: number; readonly height: number }[],
): Uint8Array {
  const objects: Buffer[] = []
  const add = (...parts: readonly (string | Uint8Array)[]): number => {
    objects.push(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))))
    return objects.length
  }
  add('<< /Type /Catalog /Pages 2 0 R >>')
  add('')
  const kids = pictures.map(({ jpeg, width, height }) => {
    const image = add(
      `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.length} >>\nstream\n`,
      jpeg,
      '\nendstream',
    )
    const [pointsWide, pointsHigh] = [(width * 72) / 200, (height * 72) / 200]
    const drawing = `q ${pointsWide} 0 0 ${pointsHigh} 0 0 cm /Scan Do Q`
    const content = add(`<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`)
    return add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${pointsWide} ${pointsHigh}] /Resources << /XObject << /Scan ${image} 0 R >> >> /Contents ${content} 0 R >>`,
    )
  })
  objects[1] = Buffer.from(
    `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`,
  )
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')]
  const offsets: number[] = []
  let at = parts[0]?.length ?? 0
  objects.forEach((object, index) => {
    offsets.push(at)
    const whole = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')])
    parts.push(whole)
    at += whole.length
  })
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  )
  return new Uint8Array(Buffer.concat(parts))
}
