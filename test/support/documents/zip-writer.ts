import { crc32, deflateRawSync } from 'node:zlib'

/**
 * Writes a zip archive without compression; the same files give the same bytes. With `isDeflated` it is compressed (those bytes
 * may differ between versions of zlib), and `declaredBytes` lets each entry lie about its size.
 */
export function writeZip(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: { readonly isDeflated?: boolean; readonly declaredBytes?: number } = {},
): Uint8Array {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(files)) {
    const raw = Buffer.from(content)
    const data = options.isDeflated === true ? deflateRawSync(raw) : raw
    const nameBytes = Buffer.from(name)
    const header = Buffer.alloc(26)
    header.writeUInt16LE(20, 0)
    header.writeUInt16LE(0x0800, 2)
    header.writeUInt16LE(options.isDeflated === true ? 8 : 0, 4)
    header.writeUInt16LE(0x21, 8)
    header.writeUInt32LE(crc32(raw), 10)
    header.writeUInt32LE(data.length, 14)
    header.writeUInt32LE(options.declaredBytes ?? raw.length, 18)
    header.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), header, nameBytes, data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 0]), header, tail, nameBytes]))
    bodies.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(directory.length, 4)
  end.writeUInt16LE(directory.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  return new Uint8Array(Buffer.concat([...bodies, central, Buffer.from('PK\x05\x06', 'latin1'), end]))
}
