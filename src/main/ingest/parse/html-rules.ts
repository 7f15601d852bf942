/**
 * Never read: code, foreign content and controls, with anything under them. `head` is not among them: where its end tag is left
 * out, the parser puts the whole body into it.
 */
const dropped = new Set(
  'title script style template noscript iframe object embed svg canvas audio video select button input textarea datalist map rp'.split(
    ' ',
  ),
)

/** Elements that end the block before them and the block within them. */
const blocks = new Set(
  (
    'address article aside blockquote body head center dd details dialog div dl dt fieldset figcaption figure footer form header hgroup hr html ' +
    'legend li main menu nav ol p section summary table tbody td tfoot th thead tr ul h1 h2 h3 h4 h5 h6 pre caption'
  ).split(' '),
)

/** Parts around the content of a page. Their text is kept, behind the content. */
const surroundings = new Set(['nav', 'footer', 'aside'])
const surroundingRoles = new Set(['navigation', 'contentinfo', 'complementary', 'search'])

/** What the walk over the page needs to know of an element. */
export interface ElementFacts {
  readonly tag: string
  getAttribute(name: string): string | null
}

export function isDropped(element: ElementFacts): boolean {
  return dropped.has(element.tag) || isHidden(element)
}

export function isBlock(tag: string): boolean {
  return blocks.has(tag)
}

export function isSurrounding(element: ElementFacts): boolean {
  return surroundings.has(element.tag) || surroundingRoles.has(element.getAttribute('role') ?? '')
}

/** Not shown to a reader of the page, so far as the element itself says it. */
function isHidden(element: ElementFacts): boolean {
  if (element.getAttribute('hidden') !== null) return true
  const style = element.getAttribute('style')
  return (
    style !== null &&
    /(?:^|[;\s])(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)/i.test(style.slice(0, 2_000))
  )
}

/** 1-6 for `h1`-`h6`, else 0. */
export function headingLevel(tag: string): number {
  return /^h[1-6]$/.test(tag) ? Number(tag.charAt(1)) : 0
}
