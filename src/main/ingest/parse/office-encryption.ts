import { createDecipheriv, createHash, type Hash } from 'node:crypto'
import { CFB } from '@e965/xlsx'
import { z } from 'zod'
import { damaged } from './office-archive.ts'
import { type OpenedByPassword, passwordNeeded } from './password-failures.ts'

/** More rounds than any program writes; each costs about a microsecond for each password. */
const mostRounds = 10_000_000
const standardRounds = 50_000
const segmentBytes = 4_096
const containerMagic = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]

/** Keys are derived for a purpose: [MS-OFFCRYPTO] 2.3.4.11 to 2.3.4.13. */
const purposes = {
  verifierInput: Buffer.from('fea7d2763b4b9e79', 'hex'),
  verifierHash: Buffer.from('d7aa0f6d3061344e', 'hex'),
  packageKey: Buffer.from('146e0be7abacd0d6', 'hex'),
}

/** Decrypts what one password gives, or null where it is the wrong one. */
type Unlock = (password: string) => Uint8Array | null

/** True for the container in which Office keeps an encrypted DOCX, XLSX or PPTX. */
export function isEncryptedOffice(bytes: Uint8Array): boolean {
  if (containerMagic.some((byte, index) => bytes[index] !== byte)) return false
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(
    Buffer.from('EncryptedPackage\0', 'utf16le'),
  )
}

/**
 * The document inside an encrypted Office file ([MS-OFFCRYPTO], agile and standard encryption: Office 2007 and later, LibreOffice).
 * @throws AppError `encrypted-file` (no password, or none that fits) `unreadable-file`
 */
export function openEncryptedOffice(
  bytes: Uint8Array,
  passwords: readonly string[],
): OpenedByPassword & { readonly bytes: Uint8Array } {
  if (passwords.length === 0) throw passwordNeeded(false)
  let unlock: Unlock
  try {
    unlock = readEncryption(bytes)
  } catch (error) {
    throw damaged(error)
  }
  for (const [passwordUsed, password] of passwords.entries()) {
    const opened = unlock(password)
    if (opened !== null) return { bytes: opened, passwordUsed }
  }
  throw passwordNeeded(true)
}

/** @throws Error where the container is damaged, or encrypted in a way that no Office program writes. */
function readEncryption(bytes: Uint8Array): Unlock {
  const container: unknown = CFB.read(bytes, { type: 'array' })
  const info = streamOf(container, 'EncryptionInfo')
  const content = streamOf(container, 'EncryptedPackage')
  const major = info.readUInt16LE(0)
  const minor = info.readUInt16LE(2)
  if (major === 4 && minor === 4) return agile(info.subarray(8).toString('utf8'), content)
  if (minor === 2 && major >= 2 && major <= 4) return standard(info.subarray(8), content)
  throw new Error(`encryption version ${major}.${minor}`)
}

function streamOf(container: unknown, name: string): Buffer {
  const entry: unknown = CFB.find(container, name)
  const { content } = z.object({ content: z.union([z.instanceof(Uint8Array), z.array(z.number())]) }).parse(entry)
  return Buffer.from(content)
}

const agileKeySchema = z.object({
  saltValue: z.base64().transform((text) => Buffer.from(text, 'base64')),
  blockSize: z.coerce.number().pipe(z.literal(16)),
  keyBits: z.coerce.number().pipe(z.union([z.literal(128), z.literal(192), z.literal(256)])),
  hashAlgorithm: z.enum(['SHA1', 'SHA256', 'SHA384', 'SHA512']),
  cipherAlgorithm: z.literal('AES'),
  cipherChaining: z.literal('ChainingModeCBC'),
})
const bytesSchema = z.base64().transform((text) => Buffer.from(text, 'base64'))
const agilePasswordSchema = agileKeySchema.extend({
  spinCount: z.coerce.number().int().min(0).max(mostRounds),
  encryptedVerifierHashInput: bytesSchema,
  encryptedVerifierHashValue: bytesSchema,
  encryptedKeyValue: bytesSchema,
})
type AgileKey = z.output<typeof agileKeySchema>

/** [MS-OFFCRYPTO] 2.3.4.10: the key of the content is itself encrypted by the password. */
function agile(xml: string, content: Buffer): Unlock {
  const contentKey = agileKeySchema.parse(attributesOf(xml, 'keyData'))
  const keeper = agilePasswordSchema.parse(attributesOf(xml, 'encryptedKey'))
  return (password) => {
    const stretched = stretch(password, keeper.saltValue, keeper.spinCount, keeper.hashAlgorithm)
    const open = (purpose: Buffer, secret: Buffer): Buffer =>
      decipher('cbc', agileKey(stretched, purpose, keeper), firstBytes(keeper.saltValue, keeper.blockSize), secret)
    const digest = hashOf(keeper.hashAlgorithm)
      .update(open(purposes.verifierInput, keeper.encryptedVerifierHashInput).subarray(0, keeper.saltValue.length))
      .digest()
    const expected = open(purposes.verifierHash, keeper.encryptedVerifierHashValue).subarray(0, digest.length)
    if (!digest.equals(expected)) return null
    const key = open(purposes.packageKey, keeper.encryptedKeyValue).subarray(0, contentKey.keyBits / 8)
    return withoutPadding(content, (body) => {
      const opened: Buffer[] = []
      for (let segment = 0; segment * segmentBytes < body.length; segment += 1) {
        const vector = hashOf(contentKey.hashAlgorithm)
          .update(contentKey.saltValue)
          .update(littleEndian(segment))
          .digest()
        const piece = body.subarray(segment * segmentBytes, (segment + 1) * segmentBytes)
        opened.push(decipher('cbc', key, firstBytes(vector, contentKey.blockSize), piece))
      }
      return Buffer.concat(opened)
    })
  }
}

function agileKey(stretched: Buffer, purpose: Buffer, { hashAlgorithm, keyBits }: AgileKey): Buffer {
  return firstBytes(hashOf(hashAlgorithm).update(stretched).update(purpose).digest(), keyBits / 8)
}

/** [MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9: AES in blocks of their own, the key straight from the password. */
function standard(info: Buffer, content: Buffer): Unlock {
  const headerBytes = info.readUInt32LE(0)
  const keyBytes = z.union([z.literal(16), z.literal(24), z.literal(32)]).parse(info.readUInt32LE(4 + 16) / 8)
  const verifier = info.subarray(4 + headerBytes)
  const salt = verifier.subarray(4, 20)
  const input = verifier.subarray(20, 36)
  const expected = verifier.subarray(40, 72)
  return (password) => {
    const stretched = stretch(password, salt, standardRounds, 'SHA1')
    const last = hashOf('SHA1').update(stretched).update(littleEndian(0)).digest()
    const half = (filler: number): Buffer => {
      const block = Buffer.alloc(64, filler)
      last.forEach((byte, index) => (block[index] = filler ^ byte))
      return hashOf('SHA1').update(block).digest()
    }
    const key = Buffer.concat([half(0x36), half(0x5c)]).subarray(0, keyBytes)
    const digest = hashOf('SHA1')
      .update(decipher('ecb', key, null, input))
      .digest()
    if (!digest.equals(decipher('ecb', key, null, expected).subarray(0, digest.length))) return null
    return withoutPadding(content, (body) => decipher('ecb', key, null, body))
  }
}

/** The package begins with its true size; what is encrypted is padded to whole blocks. */
function withoutPadding(content: Buffer, open: (body: Buffer) => Buffer): Uint8Array {
  const sizeBytes = Number(content.readBigUInt64LE(0))
  const body = content.subarray(8)
  const opened = open(body.subarray(0, body.length - (body.length % 16)))
  return new Uint8Array(opened.subarray(0, Math.min(sizeBytes, opened.length)))
}

function stretch(password: string, salt: Buffer, rounds: number, algorithm: AgileKey['hashAlgorithm']): Buffer {
  let digest = hashOf(algorithm).update(salt).update(Buffer.from(password, 'utf16le')).digest()
  for (let round = 0; round < rounds; round += 1)
    digest = hashOf(algorithm).update(littleEndian(round)).update(digest).digest()
  return digest
}

function decipher(mode: 'cbc' | 'ecb', key: Buffer, vector: Buffer | null, secret: Buffer): Buffer {
  const aes = createDecipheriv(`aes-${key.length * 8}-${mode}`, key, vector)
  aes.setAutoPadding(false)
  return Buffer.concat([aes.update(secret), aes.final()])
}

function hashOf(algorithm: AgileKey['hashAlgorithm']): Hash {
  return createHash(algorithm.toLowerCase())
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** Cut, or filled up as the specification says. */
function firstBytes(bytes: Buffer, length: number): Buffer {
  return bytes.length >= length
    ? bytes.subarray(0, length)
    : Buffer.concat([bytes, Buffer.alloc(length - bytes.length, 0x36)])
}

/** Attributes of the first element of a name, whatever its prefix. The text is short and flat. */
function attributesOf(xml: string, name: string): Record<string, string> {
  const element = new RegExp(`<(?:\\w+:)?${name}\\b([^>]{0,8000})>`).exec(xml)?.[1] ?? ''
  return Object.fromEntries([...element.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]))
}
