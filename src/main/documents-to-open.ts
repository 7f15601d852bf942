/** What other programs show; nothing in it runs by being opened. Scripts and programs are not among them, whatever they hold. */
const endings = new Set(
  (
    'pdf docx docm pptx pptm xlsx xlsm xls odt odp ods rtf epub eml mht mhtml html htm xhtml md markdown txt text csv tsv tab json jsonl ' +
    'ndjson ipynb log png jpg jpeg tif tiff webp bmp gif'
  ).split(' '),
)

/** Whether the system may be asked to open this file in the program that is made for it. */
export function isDocumentToOpen(path: string): boolean {
  const ending = /\.([^./\\]+)$/.exec(path)?.[1]
  return ending !== undefined && endings.has(ending.toLowerCase())
}
