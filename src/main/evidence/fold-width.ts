/**
 * Full-width letters, digits and signs as their narrow forms, an ideographic space as a space. Length and offsets stay as they
 * are, unlike under NFKC, which also makes of "m²" a square of another number.
 */
export function foldWidth(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
    .replace(/[\u00A0\u2007\u2009\u202F]/g, ' ')
}
