import { AppError } from '../../../shared/errors.ts'
import { parseHTML } from 'linkedom'
import { htmlBlocks } from './html-blocks.ts'
import { damaged, openOfficeArchive, resolvePart } from './office-archive.ts'
import type { RawBlock } from './slice-builder.ts'
import { parseXml, walkXml } from './xml-walk.ts'

export interface EpubDocument {
  readonly title: string | null
  readonly blocks: readonly RawBlock[]
}

/** Fonts may be scrambled without the text being protected. */
const fontScrambling = /http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)/

/**
 * EPUB to blocks: its chapters in reading order, each read like a page; the table of contents is left out.
 * @throws AppError `encrypted-file` for a book with copy protection, `unreadable-file` `file-too-large`
 */
export async function readEpub(bytes: Uint8Array): Promise<EpubDocument> {
  const archive = await openOfficeArchive(bytes)
  try {
    const encryption = await archive.text('META-INF/encryption.xml')
    if (encryption !== null && isProtected(encryption)) {
      throw new AppError(
        'encrypted-file',
        'This book is copy-protected, so only its own reading program can open it. Add a version without protection.',
      )
    }
    const packagePart = rootFile((await archive.text('META-INF/container.xml')) ?? '')
    const description = packagePart === null ? null : await archive.text(packagePart)
    if (packagePart === null || description === null) throw damaged(new Error('the package description is missing'))
    const { title, chapters } = readPackage(description, packagePart)
    const blocks: RawBlock[] = []
    for (const chapter of chapters) {
      const source = await archive.text(chapter)
      if (source === null) continue
      blocks.push(...htmlBlocks(parseHTML(`<html>${source}</html>`).document.documentElement))
    }
    return { title, blocks }
  } finally {
    archive.close()
  }
}

function isProtected(source: string): boolean {
  return [...source.matchAll(/Algorithm="([^"]{1,200})"/g)].some(
    ([, algorithm = '']) => !fontScrambling.test(algorithm),
  )
}

function rootFile(source: string): string | null {
  let path: string | null = null
  if (source === '') return null
  walkXml(parseXml(source), {
    enter(name, element) {
      if (name.endsWith('rootfile')) path ??= element.getAttribute('full-path')
    },
  })
  return path
}

function readPackage(
  source: string,
  part: string,
): { readonly title: string | null; readonly chapters: readonly string[] } {
  const items = new Map<string, { readonly path: string; readonly isChapter: boolean }>()
  const spine: string[] = []
  let title = ''
  let isInTitle = false
  walkXml(parseXml(source), {
    enter(name, element) {
      if (/(?:^|:)title$/.test(name) && title === '') isInTitle = true
      if (/(?:^|:)item$/.test(name)) {
        const isNavigation = /(?:^|\s)nav(?:\s|$)/.test(element.getAttribute('properties') ?? '')
        const isPage = /html/.test(element.getAttribute('media-type') ?? '')
        const href = decodePath((element.getAttribute('href') ?? '').replace(/#.*$/, ''))
        items.set(element.getAttribute('id') ?? '', {
          path: resolvePart(part, href),
          isChapter: isPage && !isNavigation,
        })
      } else if (/(?:^|:)itemref$/.test(name)) spine.push(element.getAttribute('idref') ?? '')
    },
    leave(name) {
      if (/(?:^|:)title$/.test(name)) isInTitle = false
    },
    text(text) {
      if (isInTitle) title += text
    },
  })
  const chapters = spine.flatMap((id) => {
    const item = items.get(id)
    return item?.isChapter === true ? [item.path] : []
  })
  const shown = title.replaceAll(/\s+/g, ' ').trim().slice(0, 300)
  return { title: shown === '' ? null : shown, chapters: [...new Set(chapters)] }
}

/** Paths in a package are URLs; one that is not stays as written. */
function decodePath(href: string): string {
  try {
    return decodeURIComponent(href)
  } catch (error) {
    if (error instanceof URIError) return href
    throw error
  }
}
