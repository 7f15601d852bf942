const numbered =
  /^(?:第\s?[一二三四五六七八九十百零〇\d]{1,6}\s?[编章节条部分篇]|[一二三四五六七八九十]{1,3}、|(?:chapter|section|article|part|appendix|schedule|annex)\s+[\dIVXLCA-Z]{1,6}\b|\d{1,2}(?:\.\d{1,2}){0,3}\.?\s)\s*\S/iu
const sentenceEnd = /[.。,，;；!！?？、:：]$/u
const maxHeadingUnits = 80

/** True for a line that reads like a numbered heading ("9. Term and termination", "第三章 租金"): short and no sentence. */
export function isNumberedHeading(line: string): boolean {
  return (
    line.length <= maxHeadingUnits &&
    numbered.test(line) &&
    !sentenceEnd.test(line) &&
    /\p{L}/u.test(line) &&
    !/[。；]/u.test(line)
  )
}

const listMarker = /^(?:[•·●○▪■◦‣–—*-]|\d{1,3}[.)、]|[(（][\da-zA-Z一二三四五六七八九十]{1,4}[)）]|[a-zA-Z][.)])\s*\S/u
const bullet = /^[•●○▪■◦‣]\s*\S/u

/** True where a line begins like an item: a bullet, "1.", "(a)", "（一）". */
export function isItemStart(line: string): boolean {
  return listMarker.test(line)
}

/** True for a bullet, which nothing but a list item begins with. */
export function isBulletStart(line: string): boolean {
  return bullet.test(line)
}

/** True where a sentence ends with the line, closing quotes and brackets included. */
export function isSentenceEnd(line: string): boolean {
  return /[.。!！?？:：;；…]["'”’」』)）\]】]{0,3}$/u.test(line.slice(-4))
}
