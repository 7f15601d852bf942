/** Dots, middle dots, ellipses, underscores or dashes that lead the eye across a line, spaced or not. */
const leaders = /(?:[.·•‧∙⋅_…⋯—–-][ \t\u00a0]?){4,}/gu

/** Whether a sentence says nothing by itself: a line of a table of contents, a rule, a bare row of numbers. */
export function saysNothing(text: string): boolean {
  const letters = text.match(/\p{Letter}/gu)?.length ?? 0
  return letters === 0 || /(?:[.·•‧∙⋅_…⋯—–-][ \t\u00a0]?){4,}\s*(?:\d+|[ivxlc]+)?\s*$/iu.test(text)
}

/** Each run of leaders as one ellipsis. */
export function shortLeaders(text: string): string {
  return text.replaceAll(leaders, (run) => (/\s$/.test(run) ? '… ' : '…'))
}
