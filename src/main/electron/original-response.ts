import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { documentIdSchema, type DocumentId } from '../../shared/ids.ts'
import { pageHost, pageScheme } from './page-origin.ts'
import type { MissingOriginal } from '../../shared/original-state.ts'
import type { Carrel } from '../compose.ts'

/** Under this the page reads the file behind a document, in ranges: `app://carrel/document/<id>`. */
const prefix = '/document/'

const missingStatus: Readonly<Record<MissingOriginal, number>> = {
  moved: 404,
  'folder-gone': 404,
  'drive-away': 404,
  replaced: 409,
  locked: 423,
}

/** The document an address names; null for every other address. */
export function documentOf(url: string): DocumentId | null {
  if (!URL.canParse(url)) return null
  const { protocol, host, pathname } = new URL(url)
  if (protocol !== `${pageScheme}:` || host !== pageHost || !pathname.startsWith(prefix)) return null
  const id = documentIdSchema.safeParse(pathname.slice(prefix.length))
  return id.success ? id.data : null
}

/**
 * The file behind a document, whole or a range of it (RFC 9110, one range). 404: no such file any more; 409: the file is
 * there and holds other bytes; 423: it may not be read; 416: a range it does not have. The page asks `document:original` for the reason.
 */
export async function originalResponse(
  documentId: DocumentId,
  request: Request,
  { originals }: Pick<Carrel, 'originals'>,
): Promise<Response> {
  const original = await originals.find(documentId, { signal: request.signal })
  if (typeof original === 'string') return new Response(null, { status: missingStatus[original] })
  const { path, sizeBytes } = original
  const range = readRange(request.headers.get('range'), sizeBytes)
  if (range === 'unsatisfiable')
    return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${sizeBytes}` } })
  const { start, end } = range ?? { start: 0, end: sizeBytes - 1 }
  const headers = {
    'Content-Type': 'application/pdf',
    'Content-Length': String(end - start + 1),
    'Accept-Ranges': 'bytes',
    ...(range === null ? {} : { 'Content-Range': `bytes ${start}-${end}/${sizeBytes}` }),
  }
  const status = range === null ? 200 : 206
  if (request.method === 'HEAD') return new Response(null, { status, headers })
  // Whoever asked has gone: a stream begun with an aborted signal would end the process.
  if (request.signal.aborted) return new Response(null, { status: 404 })
  const stream = createReadStream(path, { start, end, signal: request.signal })
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, { status, headers })
}

/** First and last byte, both included; null where no range was asked for (or one that may be ignored). */
export function readRange(
  header: string | null,
  sizeBytes: number,
): { readonly start: number; readonly end: number } | 'unsatisfiable' | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  if (found === null) return null
  const [, first = '', last = ''] = found
  if (first === '' && last === '') return null
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  return start > end || start >= sizeBytes ? 'unsatisfiable' : { start, end }
}
