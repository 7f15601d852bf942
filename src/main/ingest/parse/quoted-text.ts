import type { RawBlock } from './slice-builder.ts'
import { linesOf, textBlocks } from './text.ts'

const quoteMark = /^[ \t]?>[ \t]?/
/** Nobody answers an answer more often; deeper marks stay in the text. */
const deepestQuote = 12

/**
 * The plain text of a mail: its lines as {@link textBlocks} reads them, those quoted by `>` as quotes with their depth, the marks
 * left out. Lazy, linear.
 */
export function* quotedTextBlocks(text: string): Generator<RawBlock> {
  let depth = 0
  let lines: string[] = []
  for (const range of linesOf(text)) {
    const line = stripMarks(text.slice(range.start, range.end))
    // An empty line between two quoted ones belongs to them.
    if (line.depth !== depth && !(line.depth === 0 && line.content.trim() === '')) {
      yield* blocksOf(lines, depth)
      lines = []
      depth = line.depth
    }
    lines.push(line.content)
  }
  yield* blocksOf(lines, depth)
}

function* blocksOf(lines: readonly string[], depth: number): Generator<RawBlock> {
  for (const block of textBlocks(lines.join('\n')))
    yield depth === 0 ? block : { kind: 'quote', level: depth - 1, text: block.text }
}

function stripMarks(line: string): { readonly content: string; readonly depth: number } {
  let content = line
  let depth = 0
  for (; depth < deepestQuote && quoteMark.test(content); depth += 1) content = content.replace(quoteMark, '')
  return { content, depth }
}
