import { CFB } from '@e965/xlsx'
import { createCipheriv, createHash } from 'node:crypto'

/** Wraps a document as Office does when it is saved with a password: agile encryption, AES-256 and SHA-512, few rounds. */
export function encryptAgile(document: Uint8Array, password: string, rounds = 100): Uint8Array {
  const salt = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  const contentSalt = Buffer.from('ffeeddccbbaa99887766554433221100', 'hex')
  const contentKey = Buffer.alloc(32, 7)
  const sha512 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha512').update(Buffer.concat(parts)).digest()
  let stretched = sha512(salt, Buffer.from(password, 'utf16le'))
  for (let round = 0; round < rounds; round += 1) stretched = sha512(littleEndian(round), stretched)
  const seal = (purpose: string, secret: Buffer): string =>
    cbc(sha512(stretched, Buffer.from(purpose, 'hex')).subarray(0, 32), salt, secret).toString('base64')
  const verifier = Buffer.alloc(16, 3)
  const segments: Buffer[] = []
  for (let at = 0; at * 4_096 < document.length; at += 1) {
    const vector = sha512(contentSalt, littleEndian(at)).subarray(0, 16)
    segments.push(cbc(contentKey, vector, padded(document.subarray(at * 4_096, (at + 1) * 4_096))))
  }
  const cipher =
    'blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"'
  const xml = `<?xml version="1.0"?><encryption xmlns:p="p"><keyData saltSize="16" ${cipher} saltValue="${contentSalt.toString('base64')}"/><keyEncryptors><keyEncryptor><p:encryptedKey spinCount="${rounds}" saltSize="16" ${cipher} saltValue="${salt.toString('base64')}" encryptedVerifierHashInput="${seal('fea7d2763b4b9e79', verifier)}" encryptedVerifierHashValue="${seal('d7aa0f6d3061344e', sha512(verifier))}" encryptedKeyValue="${seal('146e0be7abacd0d6', contentKey)}"/></keyEncryptor></keyEncryptors></encryption>`
  return container(
    Buffer.concat([Buffer.from([4, 0, 4, 0, 0x40, 0, 0, 0]), Buffer.from(xml)]),
    Buffer.concat([sizeOf(document), ...segments]),
  )
}

/** The same as Office 2007 did it: standard encryption, AES-128 and SHA-1, 50,000 rounds. */
export function encryptStandard(document: Uint8Array, password: string): Uint8Array {
  const salt = Buffer.from('0123456789abcdef0123456789abcdef', 'hex')
  const sha1 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha1').update(Buffer.concat(parts)).digest()
  let stretched = sha1(salt, Buffer.from(password, 'utf16le'))
  for (let round = 0; round < 50_000; round += 1) stretched = sha1(littleEndian(round), stretched)
  const last = sha1(stretched, littleEndian(0))
  const block = Buffer.alloc(64, 0x36)
  last.forEach((byte, index) => (block[index] = 0x36 ^ byte))
  const key = sha1(block).subarray(0, 16)
  const verifier = Buffer.alloc(16, 5)
  const header = Buffer.alloc(32)
  header.writeUInt32LE(0x24, 0)
  header.writeUInt32LE(0x660e, 8)
  header.writeUInt32LE(0x8004, 12)
  header.writeUInt32LE(128, 16)
  const info = Buffer.concat([
    Buffer.from([3, 0, 2, 0, 0x24, 0, 0, 0]),
    littleEndian(header.length),
    header,
    littleEndian(16),
    salt,
    ecb(key, verifier),
    littleEndian(20),
    ecb(key, padded(sha1(verifier))),
  ])
  return container(info, Buffer.concat([sizeOf(document), ecb(key, padded(document))]))
}

function container(info: Buffer, content: Buffer): Uint8Array {
  const file: unknown = CFB.utils.cfb_new()
  CFB.utils.cfb_add(file, '/EncryptionInfo', info)
  CFB.utils.cfb_add(file, '/EncryptedPackage', content)
  return new Uint8Array(CFB.write(file, { type: 'buffer' }) as Uint8Array)
}

function cbc(key: Buffer, vector: Buffer, text: Buffer): Buffer {
  const aes = createCipheriv(`aes-${key.length * 8}-cbc`, key, vector).setAutoPadding(false)
  return Buffer.concat([aes.update(text), aes.final()])
}

function ecb(key: Buffer, text: Buffer): Buffer {
  const aes = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false)
  return Buffer.concat([aes.update(text), aes.final()])
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)])
}

function sizeOf(document: Uint8Array): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(document.length))
  return bytes
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
