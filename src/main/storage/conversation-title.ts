const longestTitle = 80

/** The first question in one line, cut by characters (never inside one). */
export function titleOf(question: string): string {
  const characters = [...question.replace(/\s+/gu, ' ').trim()]
  return characters.length <= longestTitle
    ? characters.join('')
    : `${characters
        .slice(0, longestTitle - 1)
        .join('')
        .trimEnd()}…`
}
