/** Words that a name gets for being a draft, a copy or a revision; those of other languages than English and Chinese say too little alone. */
const marks = [
  String.raw`v(?:er(?:sion)?)?[ ._-]?\d+(?:[._]\d+)*`,
  String.raw`r(?:ev(?:ision)?)?[ ._-]?\d+(?:[._]\d+)*`,
  String.raw`(?:first|second|third|last|rough|clean|working|final|revised)?[ ._-]?draft[ ._-]?\d*`,
  String.raw`final(?:ised|ized|ly)?[ ._-]?\d*`,
  'revised|amended|redlined?|marked[ ._-]?up|clean|signed|executed|old|new|latest|updated|edited|bak|backup',
  String.raw`copy(?:[ ._-](?:of|\d+))?`,
  // Windows, macOS and browsers number copies so: "Lease (2)", "Lease 2" is another matter.
  String.raw`[(（]\d{1,2}[)）]`,
].join('|')
const englishMarks = new RegExp(String.raw`(?<![\p{Script=Latin}\p{N}])(?:${marks})(?![\p{Script=Latin}\p{N}])`, 'giu')
const chineseMarks =
  /第?[一二三四五六七八九十\d]+[版稿](?:本)?|(?:初|草|终|定|修订|修改|最终|最新|新|旧|正式|签署|审定|送审|征求意见)+[版稿](?:本)?\d*|副本\d*|草案|修订|定稿|终稿|初稿/gu

/**
 * A file's name without its ending and without what marks a draft, a copy or a revision: drafts of one document have the same.
 * Dates, quarters and plain numbers stay, since they tell a report from the next. Empty where nothing else is in the name.
 */
export function draftStem(fileName: string): string {
  return fileName
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\.[a-z0-9]{1,8}$/, '')
    .replaceAll(englishMarks, ' ')
    .replaceAll(chineseMarks, ' ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
