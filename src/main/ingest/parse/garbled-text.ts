/** Too few characters to judge by. */
const leastUnits = 12
/** A list of accented letters is short; a page of mojibake is not. */
const leastLatinUnits = 60

/**
 * True for text that its own file maps to the wrong characters, so that searching it would be searching noise: mostly private-use
 * characters, replacement characters or controls, or nearly only accented Latin letters and signs (Chinese bytes read as Latin-1).
 * Give it the text as the file has it, before normalisation.
 */
export function isGarbled(text: string): boolean {
  let units = 0
  let unmapped = 0
  let highLatin = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === 32 || (unit >= 9 && unit <= 13)) continue
    units += 1
    if (unit < 32 || unit === 0xfffd || (unit >= 0xe000 && unit <= 0xf8ff) || (unit >= 0x7f && unit < 0xa0))
      unmapped += 1
    else if (unit >= 0xa1 && unit <= 0xff) highLatin += 1
  }
  if (units < leastUnits) return false
  return unmapped > units * 0.3 || (units >= leastLatinUnits && highLatin + unmapped > units * 0.5)
}
