import { DOMParser } from 'linkedom'

/** What a walk meets, in document order. `name` as written, with its prefix (`a:t`). Returning false skips an element's inside. */
export interface XmlVisitor {
  enter(name: string, element: XmlElement): boolean | void
  leave?(name: string, element: XmlElement): void
  text?(text: string): void
}

export interface XmlElement {
  getAttribute(name: string): string | null
}

/** Deeper parts are not written by any program, and the parser's time grows with the square of the depth. */
const maxNesting = 5_000
const doctype = /<!DOCTYPE[^[>]{0,2000}(?:\[[^\]]*\]\s*)?>/i

/**
 * The root of an XML part. Its doctype is taken away first: no entity of its own is expanded, nothing outside is loaded.
 * @throws Error where elements are nested absurdly deep
 */
export function parseXml(source: string): Node {
  if (nestsTooDeep(source)) throw new Error('XML elements are nested absurdly deep')
  return new DOMParser().parseFromString(source.replace(doctype, ''), 'text/xml') as unknown as Node
}

function nestsTooDeep(source: string): boolean {
  const tag = /<(\/?)[\p{L}_][^<>]*?(\/?)>/gu
  let depth = 0
  for (let found = tag.exec(source); found !== null; found = tag.exec(source)) {
    if (found[1] === '/') depth -= 1
    else if (found[2] !== '/') depth += 1
    if (depth > maxNesting) return true
  }
  return false
}

/** Walks from node to node without recursion: 100,000 nested elements need no stack. Linear. */
export function walkXml(root: Node, visitor: XmlVisitor): void {
  let node: Node | null = root
  while (node !== null) {
    let next: Node | null = null
    if (node.nodeType === 3 || node.nodeType === 4) visitor.text?.(node.nodeValue ?? '')
    else if (node.nodeType === 1) {
      const element = node as Element
      const isEntered = visitor.enter(element.localName, element) !== false
      next = isEntered ? node.firstChild : null
      if (next === null) visitor.leave?.(element.localName, element)
    } else if (node === root) next = node.firstChild
    while (next === null && node !== null && node !== root) {
      next = node.nextSibling
      if (next !== null) break
      node = node.parentNode
      if (node !== null && node.nodeType === 1) visitor.leave?.((node as Element).localName, node as Element)
    }
    node = next
  }
}
