import { protocol, type Protocol } from 'electron'
import { readFile } from 'node:fs/promises'
import type { DocumentId } from '../../shared/ids.ts'
import { documentOf } from './original-response.ts'
import { mimeTypeOf, pageFileOf } from './page-files.ts'
import { pageScheme } from './page-origin.ts'

/**
 * `style-src 'unsafe-inline'`: Radix and Sonner inject styles. `wasm-unsafe-eval`: the decoders of pdf.js. The page
 * connects to nothing but its own origin; whatever it needs beyond comes through the preload.
 */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Makes `app://` a real, secure origin. Must run before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/**
 * Serves, under `app://carrel/`, the built page from `rendererFolder`, the files behind documents by their ids (`readOriginal`),
 * and nothing else.
 */
export function servePage(
  sessionProtocol: Protocol,
  rendererFolder: string,
  readOriginal: (documentId: DocumentId, request: Request) => Promise<Response>,
): void {
  sessionProtocol.handle(pageScheme, async (request) => {
    const documentId = documentOf(request.url)
    if (documentId === null || (request.method !== 'GET' && request.method !== 'HEAD'))
      return respond(request.method, request.url, rendererFolder)
    const response = await readOriginal(documentId, request)
    for (const [name, value] of Object.entries(safetyHeaders)) response.headers.set(name, value)
    return response
  })
}

async function respond(method: string, url: string, rendererFolder: string): Promise<Response> {
  const file = method === 'GET' || method === 'HEAD' ? pageFileOf(rendererFolder, url) : null
  if (file === null) return new Response(null, { status: 403, headers: safetyHeaders })
  try {
    const bytes = new Uint8Array(await readFile(file))
    return new Response(bytes, { headers: { ...safetyHeaders, 'Content-Type': mimeTypeOf(file) } })
  } catch (cause) {
    // A folder or a missing file: the page asked for something that was not built.
    return new Response(cause instanceof Error && 'code' in cause ? String(cause.code) : null, {
      status: 404,
      headers: { ...safetyHeaders, 'Content-Type': 'text/plain' },
    })
  }
}

const safetyHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
}
