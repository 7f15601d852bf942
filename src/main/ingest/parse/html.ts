import { Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import { AppError } from '../../../shared/errors.ts'
import { htmlBlocks } from './html-blocks.ts'
import type { PageBlock } from './html-blocks.ts'
import { nestsDeeperThan } from './html-nesting.ts'
import { normaliseFlow } from './normalise-text.ts'
import type { RawBlock } from './slice-builder.ts'

export interface HtmlDocument {
  readonly title: string | null
  readonly blocks: readonly RawBlock[]
}

/** Readability takes its time: only pages of usual size and depth are shown to it. */
const maxReadabilityUnits = 4_000_000
const maxReadabilityBlocks = 8_000
const maxReadabilityDepth = 400
/** Shorter blocks ("Home") are found anywhere; they do not say where an article begins or ends. */
const leastAnchorUnits = 20
/** Deeper pages are not written by anybody, and would keep the parser busy for minutes. */
const maxNesting = 200_000
/** Below this share of the page's text, what Readability found is not the page's content but a part of it. */
const leastContentShare = 0.5

/**
 * HTML to blocks. Nothing is run or loaded. Where the page is an article (by Readability), its content comes first and what
 * stands around it after; navigation, footers and asides come last in any case. No text that a reader sees is lost.
 * @throws AppError `unreadable-file` where elements are nested absurdly deep.
 */
export function readHtml(source: string): HtmlDocument {
  if (nestsDeeperThan(source, maxNesting)) {
    throw new AppError(
      'unreadable-file',
      'This page nests its parts too deeply to be read. Open it in a browser, save it as PDF or text and add that.',
    )
  }
  // linkedom takes the first element for the root and loses what stands beside it: a root of our own holds everything.
  const root = parseHTML(`<html>${source}</html>`).document.documentElement
  const all = htmlBlocks(root)
  const title = titleOf(root.querySelector('title')?.textContent ?? '', all)
  const isUsual =
    source.length <= maxReadabilityUnits && all.length <= maxReadabilityBlocks && depthOf(root) <= maxReadabilityDepth
  const content = isUsual ? contentRange(source, all) : null
  return { title, blocks: contentFirst(all, content) }
}

function titleOf(raw: string, blocks: readonly PageBlock[]): string | null {
  const title = normaliseFlow(raw).replaceAll('\n', ' ')
  if (title !== '') return title.slice(0, 300)
  const heading = blocks.find((block) => block.kind === 'heading')
  return heading === undefined ? null : normaliseFlow(heading.text).replaceAll('\n', ' ').slice(0, 300)
}

interface BlockRange {
  readonly first: number
  readonly last: number
}

/** First and last block that Readability takes for the article's; null where it finds none worth trusting. */
function contentRange(source: string, all: readonly PageBlock[]): BlockRange | null {
  const isWhole = /<body[\s>]/i.test(source) && /<html[\s>]/i.test(source)
  const { document } = parseHTML(isWhole ? source : `<html><body>${source}</body></html>`)
  let article: { readonly content: Node | null | undefined } | null
  try {
    article = new Readability<Node>(document, { serializer: (node) => node }).parse()
  } catch (error) {
    // A page that it cannot read is read whole: it decides about order only.
    if (error instanceof Error) return null
    throw error
  }
  if (article?.content === null || article?.content === undefined) return null
  const keys = new Set(htmlBlocks(article.content).map((block) => keyOf(block)))
  let first = -1
  let last = -1
  let found = 0
  let total = 0
  for (const [at, block] of all.entries()) {
    total += block.text.length
    if (block.text.length < leastAnchorUnits || !keys.has(keyOf(block))) continue
    found += block.text.length
    if (first < 0) first = at
    last = at
  }
  if (first < 0 || found < total * leastContentShare) return null
  // Short blocks may stand elsewhere too: they count only beside longer ones. So do headings; Readability drops a page's title.
  const belongs = (block: PageBlock | undefined): boolean =>
    block !== undefined && (block.kind === 'heading' || keys.has(keyOf(block)))
  while (belongs(all[first - 1])) first -= 1
  while (belongs(all[last + 1])) last += 1
  return { first, last }
}

function keyOf(block: PageBlock): string {
  return block.text.replace(/\s+/g, ' ').trim()
}

function contentFirst(all: readonly PageBlock[], content: BlockRange | null): readonly RawBlock[] {
  const main: PageBlock[] = []
  const rest: PageBlock[] = []
  for (const [at, block] of all.entries()) {
    const isMain = !block.isSurrounding && (content === null || (at >= content.first && at <= content.last))
    ;(isMain ? main : rest).push(block)
  }
  const first = rest[0]
  // The first of the rest follows something else than in the page.
  if (first !== undefined) rest[0] = { ...first, tight: false }
  return [...main, ...rest]
}

/** Deepest element, counted without recursion. */
function depthOf(root: Node): number {
  let deepest = 0
  let depth = 0
  let node: Node | null = root
  while (node !== null) {
    deepest = Math.max(deepest, depth)
    let next: Node | null = node.firstChild
    if (next !== null) depth += 1
    while (next === null && node !== null && node !== root) {
      next = node.nextSibling
      if (next === null) {
        node = node.parentNode
        depth -= 1
      }
    }
    node = next
  }
  return deepest
}
