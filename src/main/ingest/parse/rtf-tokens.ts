/** What an RTF text consists of. `byte`: one byte of text, escaped or not, in the code page of its font. */
export type RtfToken =
  | { readonly type: 'open' }
  | { readonly type: 'close' }
  | { readonly type: 'byte'; readonly byte: number }
  | { readonly type: 'word'; readonly word: string; readonly value: number | null }
  | { readonly type: 'symbol'; readonly symbol: string }

/** The longest control word of the specification has 32 letters. */
const controlWord = /([a-z]{1,32})(-?\d{1,10})?\x20?/iy

/**
 * Cuts RTF (as latin-1 text) into tokens. Raw line ends are no text; binary data (`\bin`) is passed over. Lazy, linear.
 * @see Microsoft, "Rich Text Format (RTF) Specification, Version 1.9.1"
 */
export function* rtfTokens(source: string): Generator<RtfToken> {
  let at = 0
  while (at < source.length) {
    const character = source.charAt(at)
    at += 1
    if (character === '{') yield { type: 'open' }
    else if (character === '}') yield { type: 'close' }
    else if (character === '\r' || character === '\n' || character === '\0') continue
    else if (character !== '\\') yield { type: 'byte', byte: character.charCodeAt(0) & 0xff }
    else {
      controlWord.lastIndex = at
      const found = controlWord.exec(source)
      if (found === null) {
        const symbol = source.charAt(at)
        at += 1
        if (symbol === "'") {
          const byte = Number.parseInt(source.slice(at, at + 2), 16)
          at += 2
          if (!Number.isNaN(byte)) yield { type: 'byte', byte }
        } else yield { type: 'symbol', symbol }
        continue
      }
      at = controlWord.lastIndex
      const word = found[1] ?? ''
      const value = found[2] === undefined ? null : Number(found[2])
      if (word === 'bin') at += Math.max(0, value ?? 0)
      else yield { type: 'word', word, value }
    }
  }
}
