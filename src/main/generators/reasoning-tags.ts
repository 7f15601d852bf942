/** A piece of a model's output, sorted. */
export interface SortedText {
  readonly type: 'text' | 'reasoning'
  readonly text: string
}

/** Takes a model's content piece by piece and sorts it; never returns empty pieces. */
export interface ReasoningSorter {
  push(content: string): readonly SortedText[]
  /** What was held back because it could have become a tag. */
  end(): readonly SortedText[]
}

const opening = '<think>'
const closing = '</think>'

/**
 * Sorts `<think>...</think>` out of a model's content: servers that do not know a model as a thinking one pass its tags
 * through, split over tokens in any way. An opening tag counts only at the beginning of a line, so that a sentence about
 * the tag stays text; a closing one counts anywhere inside reasoning. Blanks after a closing tag are dropped. Everything
 * else comes out unchanged, however it was split.
 */
export function createReasoningSorter(): ReasoningSorter {
  let mode: SortedText['type'] = 'text'
  let held = ''
  let isLineStart = true
  let isSkippingBlanks = false

  const takeText = (content: string): { readonly taken: number; readonly text: string } => {
    let text = ''
    for (let at = 0; at < content.length; at += 1) {
      const character = content.charAt(at)
      if (character === '<' && isLineStart) {
        const rest = content.slice(at, at + opening.length)
        if (rest === opening) {
          mode = 'reasoning'
          return { taken: at + opening.length, text }
        }
        if (opening.startsWith(rest) && at + rest.length === content.length) return { taken: at, text }
      }
      const isBlank = character.trim() === ''
      if (character === '\n') isLineStart = true
      else if (!isBlank) isLineStart = false
      if (isSkippingBlanks && isBlank) continue
      isSkippingBlanks = false
      text += character
    }
    return { taken: content.length, text }
  }

  const takeReasoning = (content: string): { readonly taken: number; readonly text: string } => {
    const end = content.indexOf(closing)
    if (end === -1) {
      const kept = heldPrefixLength(content, closing)
      return { taken: content.length - kept, text: content.slice(0, content.length - kept) }
    }
    mode = 'text'
    isLineStart = true
    isSkippingBlanks = true
    return { taken: end + closing.length, text: content.slice(0, end) }
  }

  return {
    push(content) {
      const sorted: SortedText[] = []
      let rest = held + content
      for (;;) {
        const type = mode
        const { taken, text } = type === 'text' ? takeText(rest) : takeReasoning(rest)
        if (text !== '') sorted.push({ type, text })
        rest = rest.slice(taken)
        // The mode changes exactly when a whole tag was taken; what is left otherwise may become one.
        if (mode === type) break
      }
      held = rest
      return sorted
    },
    end() {
      const text = held
      held = ''
      return text === '' ? [] : [{ type: mode, text }]
    },
  }
}

/** How many characters at the end of `content` could be the beginning of `tag`. */
function heldPrefixLength(content: string, tag: string): number {
  for (let length = Math.min(tag.length - 1, content.length); length > 0; length -= 1) {
    if (content.endsWith(tag.slice(0, length))) return length
  }
  return 0
}
