import { splitCitations, withoutPrivateMarks } from './citation-marks.ts'

/** As much of a syntax tree's node (mdast or hast) as the two plugins below touch. */
interface TreeNode {
  type: string
  value?: string
  tagName?: string
  properties?: Record<string, unknown>
  children?: TreeNode[]
  position?: { readonly start: { readonly offset?: number }; readonly end: { readonly offset?: number } }
}

const references = new Set(['linkReference', 'imageReference', 'footnoteReference'])
const definitions = new Set(['definition', 'footnoteDefinition'])

/**
 * Remark plugin: `[1]` stays text whatever follows. Without it an answer could carry `[1]: somewhere` and turn every
 * citation into a link of its own choice.
 */
export function keepReferencesAsText(): (tree: TreeNode, file: { readonly value: unknown }) => void {
  return (tree, file) => {
    const source = String(file.value)
    const visit = (node: TreeNode): void => {
      if (node.children === undefined) return
      node.children = node.children.map((child) => {
        const isReference = references.has(child.type)
        if (!isReference && !definitions.has(child.type)) {
          visit(child)
          return child
        }
        const text: TreeNode = {
          type: 'text',
          value: source.slice(child.position?.start.offset ?? 0, child.position?.end.offset ?? 0),
        }
        return isReference ? text : { type: 'paragraph', children: [text] }
      })
    }
    visit(tree)
  }
}

/** What a mark stands for must not be left on the line above it. */
function withoutBreakAfter(text: string): string {
  return text.endsWith(' ') ? `${text.slice(0, -1)}\u00a0` : `${text}\u2060`
}

/** Code holds no citation marks, and no sign of Carrel's own may show in it. */
function clearCode(node: TreeNode): void {
  if (node.type === 'text') node.value = withoutPrivateMarks(node.value ?? '')
  node.children?.forEach(clearCode)
}

/** Rehype plugin: citation marks in prose (not in code) become `citation-mark` elements. Runs after the sanitiser. */
export function markCitations(): (tree: TreeNode) => void {
  const visit = (node: TreeNode): void => {
    if (node.children === undefined) return
    if (node.tagName === 'code' || node.tagName === 'pre') {
      clearCode(node)
      return
    }
    node.children = node.children.flatMap((child) => {
      if (child.type !== 'text') {
        visit(child)
        return [child]
      }
      return splitCitations(child.value ?? '').map((piece, index, pieces): TreeNode => {
        if (piece.type === 'uncited') return { type: 'element', tagName: 'uncited-mark', properties: {}, children: [] }
        if (piece.type === 'text')
          return { type: 'text', value: pieces[index + 1] === undefined ? piece.text : withoutBreakAfter(piece.text) }
        const { number, isAdded, claim } = piece
        return {
          type: 'element',
          tagName: 'citation-mark',
          properties: {
            dataNumber: String(number),
            ...(isAdded ? { dataAdded: 'true' } : {}),
            ...(claim === null ? {} : { dataClaim: String(claim) }),
          },
          children: [],
        }
      })
    })
  }
  return visit
}
