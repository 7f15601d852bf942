import { Lexer, type Token, type Tokens } from 'marked'

export type BlockToken =
  | Tokens.Heading
  | Tokens.Paragraph
  | Tokens.Text
  | Tokens.Blockquote
  | Tokens.Code
  | Tokens.Hr
  | Tokens.List
  | Tokens.Table

export type InlineToken =
  | Tokens.Text
  | Tokens.Escape
  | Tokens.Strong
  | Tokens.Em
  | Tokens.Del
  | Tokens.Codespan
  | Tokens.Br
  | Tokens.Link

const blockTypes: ReadonlySet<string> = new Set([
  'heading',
  'paragraph',
  'text',
  'blockquote',
  'code',
  'hr',
  'list',
  'table',
] satisfies readonly BlockToken['type'][])
const inlineTypes: ReadonlySet<string> = new Set([
  'text',
  'escape',
  'strong',
  'em',
  'del',
  'codespan',
  'br',
  'link',
] satisfies readonly InlineToken['type'][])

/** The blocks of one exported turn. Synchronous; a turn takes a few milliseconds. */
export function markdownBlocks(markdown: string): readonly BlockToken[] {
  return blockTokens(Lexer.lex(markdown, { gfm: true }))
}

/** What has no form of its own in an export (HTML, a tick box) stays the text that it was written as. */
export function blockTokens(tokens: readonly Token[] | undefined): readonly BlockToken[] {
  return (tokens ?? [])
    .filter(({ type }) => type !== 'space' && type !== 'def')
    .map((token) => (isBlock(token) ? token : asText(token)))
}

/** The same for what stands in a line; a picture is named, never fetched. */
export function inlineTokens(tokens: readonly Token[] | undefined): readonly InlineToken[] {
  return (tokens ?? []).map((token) => (isInline(token) ? token : asText(token)))
}

/** A link's address beside its words where they do not say it: an exported document links nowhere by itself. */
export function addressBeside(href: string, words: string): string {
  return href === '' || href === words || href === `mailto:${words}` ? '' : ` (${href})`
}

function isBlock(token: Token): token is BlockToken {
  return blockTypes.has(token.type)
}

function isInline(token: Token): token is InlineToken {
  return inlineTypes.has(token.type)
}

function asText({ raw }: Token): Tokens.Text {
  return { type: 'text', raw, text: raw }
}
