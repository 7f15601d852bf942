import { extname, join, sep } from 'node:path'
import { pageHost, pageScheme } from './page-origin.ts'

const mimeTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

/** The file's type by its ending; bytes that mean nothing to a browser otherwise. */
export function mimeTypeOf(path: string): string {
  return mimeTypes[extname(path).toLowerCase()] ?? 'application/octet-stream'
}

/**
 * The file below `folder` that an `app://carrel/...` address names; null for any other address, and for one that would
 * leave the folder. The URL parser folds plain `..`; encoded ones, back-slashes and NUL are refused here.
 */
export function pageFileOf(folder: string, url: string): string | null {
  if (!URL.canParse(url)) return null
  const { protocol, host, pathname } = new URL(url)
  if (protocol !== `${pageScheme}:` || host !== pageHost) return null
  const decoded = decodePath(pathname === '/' ? '/index.html' : pathname)
  if (decoded === null || /[\0\\]/.test(decoded)) return null
  if (decoded.split('/').some((part) => part === '..' || part === '.')) return null
  const file = join(folder, ...decoded.split('/'))
  return file.startsWith(folder + sep) ? file : null
}

function decodePath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname)
  } catch (cause) {
    if (cause instanceof URIError) return null
    throw cause
  }
}
