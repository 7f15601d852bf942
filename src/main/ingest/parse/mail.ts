import PostalMime, { type Email, type Address } from 'postal-mime'
import { readHtml } from './html.ts'
import { quotedTextBlocks } from './quoted-text.ts'
import type { RawBlock } from './slice-builder.ts'

export interface MailDocument {
  readonly title: string | null
  readonly blocks: readonly RawBlock[]
}

/** Mails forwarded within mails, and so on. */
const maxNesting = 5

/**
 * EML to blocks: the subject as heading, who wrote to whom and when, the body (its text, or its HTML read as a page where that
 * holds more), the names of attachments, and attached messages in full. Nothing remote is loaded, nothing attached is opened.
 * @throws Error of the library for what cannot be read at all
 */
export async function readMail(bytes: Uint8Array): Promise<MailDocument> {
  const mail = await parseMail(bytes)
  return { title: subjectOf(mail), blocks: await mailBlocks(mail, 1) }
}

/** A page saved as one file (MHTML): its HTML part, null where it has none. */
export async function readSavedPage(bytes: Uint8Array): Promise<MailDocument | null> {
  const { html } = await parseMail(bytes)
  return html === undefined ? null : readHtml(html)
}

function parseMail(bytes: Uint8Array): Promise<Email> {
  return PostalMime.parse(bytes, { attachmentEncoding: 'arraybuffer', rfc822Attachments: true, maxNestingDepth: 64 })
}

async function mailBlocks(mail: Email, depth: number): Promise<readonly RawBlock[]> {
  const blocks: RawBlock[] = []
  const subject = subjectOf(mail)
  if (subject !== null) blocks.push({ kind: 'heading', level: Math.min(6, depth), text: subject })
  const facts: readonly (readonly [string, string])[] = [
    ['From', addresses(mail.from === undefined ? [] : [mail.from])],
    ['To', addresses(mail.to ?? [])],
    ['Cc', addresses(mail.cc ?? [])],
    ['Date', mail.date ?? ''],
  ]
  for (const [name, value] of facts) {
    if (value !== '')
      blocks.push({
        kind: 'paragraph',
        level: 0,
        text: `${name}: ${value}`,
        tight: blocks.at(-1)?.kind === 'paragraph',
      })
  }
  blocks.push(...bodyBlocks(mail))
  const names = mail.attachments.flatMap(({ filename }) => (filename === null || filename === '' ? [] : [filename]))
  if (names.length > 0) blocks.push({ kind: 'paragraph', level: 0, text: `Attachments: ${names.join(', ')}` })
  for (const attachment of mail.attachments) {
    if (attachment.mimeType !== 'message/rfc822' || depth >= maxNesting) continue
    const content = attachment.content
    const inner = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)
    blocks.push(...(await mailBlocks(await parseMail(inner), depth + 1)))
  }
  return blocks
}

/** Many mails hold both forms: the plain one is what the writer saw, unless it is only a remark that the mail has HTML. */
function bodyBlocks(mail: Email): readonly RawBlock[] {
  const page = mail.html === undefined ? [] : readHtml(mail.html).blocks
  const plain = mail.text === undefined ? [] : [...quotedTextBlocks(mail.text)]
  return unitsOf(page) > unitsOf(plain) * 1.2 ? page : plain
}

function unitsOf(blocks: readonly RawBlock[]): number {
  return blocks.reduce((sum, { text }) => sum + text.replaceAll(/\s+/g, '').length, 0)
}

function subjectOf(mail: Email): string | null {
  const subject = (mail.subject ?? '').replaceAll(/\s+/g, ' ').trim()
  return subject === '' ? null : subject.slice(0, 300)
}

function addresses(list: readonly Address[]): string {
  return list
    .flatMap((address) => (address.group === undefined ? [address] : address.group))
    .slice(0, 100)
    .map(({ name, address }) => (name === '' ? (address ?? '') : `${name} <${address ?? ''}>`))
    .join(', ')
}
