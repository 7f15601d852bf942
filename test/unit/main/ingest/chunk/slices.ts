import type { Block, TextSlice } from '../../../../../src/shared/anchor.ts'

/** Blocks as `[kind, text]` or `[kind, text, level]`, joined by empty lines as the parsers do. */
export type BlockSpec = readonly [Block['kind'], string, number?]

export function sliceOf(
  specs: readonly BlockSpec[],
  options: { readonly ordinal?: number; readonly start?: number; readonly page?: number } = {},
): TextSlice {
  const start = options.start ?? 0
  const blocks: Block[] = []
  let text = ''
  for (const [kind, blockText, level] of specs) {
    if (text !== '') text += '\n\n'
    blocks.push({
      kind,
      level: level ?? (kind === 'heading' ? 1 : 0),
      start: start + text.length,
      end: start + text.length + blockText.length,
    })
    text += blockText
  }
  const page = options.page === undefined ? null : { number: options.page, width: 595, height: 842 }
  return { ordinal: options.ordinal ?? 0, start, end: start + text.length, text, page, blocks, runs: [] }
}
